"""Tables of the Data Catalog as DataFrames, and where a DataFrame is written for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from . import fields, sources
from .refusals import refused

INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled"
SERDES = {"json": "json", "lazysimple": "csv", "opencsv": "csv", "parquet": "parquet", "orc": "orc"}


@dataclass(frozen=True)
class Table:
    """`partitions` are the locations by their values; None of a table without partition keys."""

    location: str
    form: str
    options: dict[str, Any]
    columns: dict[str, str]
    keys: dict[str, str]
    partitions: dict[tuple[str, ...], str] | None


def table(database: str, name: str) -> Table:
    glue: Any = boto3.client("glue")
    found = glue.get_table(DatabaseName=database, Name=name)["Table"]
    storage, keys = found["StorageDescriptor"], found.get("PartitionKeys") or []
    form, options = _format(found)
    partitions = None
    if keys and form != "delta":
        pages = glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=name)
        partitions = {
            tuple(entry["Values"]): entry["StorageDescriptor"]["Location"]
            for page in pages
            for entry in page["Partitions"]
        }
    return Table(
        location=storage["Location"],
        form=form,
        options=options,
        columns={column["Name"]: column["Type"] for column in storage["Columns"]},
        keys={key["Name"]: key.get("Type", "string") for key in keys},
        partitions=partitions,
    )


def column_types(database: str, name: str) -> dict[str, str]:
    """The types of columns and partition keys, by name."""
    found = table(database, name)
    return {f"`{column}`": kind for column, kind in {**found.columns, **found.keys}.items()}


def read(spark: SparkSession, found: Table) -> DataFrame:
    if found.form == "delta":
        return sources.loaded(spark.read, "delta", {}, [found.location])
    if found.partitions is None:
        return _typed(_files(spark, found, [found.location]), found)
    if not found.partitions:
        return spark.createDataFrame([], _schema({**found.columns, **found.keys}))
    parts = [
        _typed(_files(spark, found, [location]), found).select(
            "*",
            *(
                fields.cast(F.lit(value), kind).alias(key)
                for value, (key, kind) in zip(values, found.keys.items(), strict=True)
            ),
        )
        for values, location in found.partitions.items()
    ]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.unionByName(part)
    return whole


def _files(spark: SparkSession, found: Table, paths: Sequence[str]) -> DataFrame:
    """Parquet and ORC tell their columns themselves; text has those of the catalog."""
    described = found.form in ("csv", "json")
    reader = spark.read.option("recursiveFileLookup", "true")
    schema = _schema(found.columns) if described else None
    return sources.loaded(reader, found.form, found.options, paths, schema)


def _typed(frame: DataFrame, found: Table) -> DataFrame:
    """The catalog's columns with its types; one that the files lack is null."""
    present = {name.lower(): name for name in frame.columns}
    return frame.select(
        *(
            fields.cast(
                fields.column((present[name.lower()],)) if name.lower() in present else F.lit(None),
                kind,
            ).alias(name)
            for name, kind in found.columns.items()
        )
    )


def _schema(columns: dict[str, str]) -> T.StructType:
    return T.StructType(
        [T.StructField(name, T._parse_datatype_string(kind)) for name, kind in columns.items()]
    )


def _format(found: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The format of the files and its options, by the table's SerDe."""
    parameters, storage = found.get("Parameters") or {}, found["StorageDescriptor"]
    named = {parameters.get("table_type"), parameters.get("spark.sql.sources.provider")}
    if {str(name).lower() for name in named} & {"delta"}:
        return "delta", {}
    serde = storage.get("SerdeInfo") or {}
    library = serde.get("SerializationLibrary", "")
    form = next((form for word, form in SERDES.items() if word in library.lower()), None)
    if form is None:
        raise refused(f"A table with the SerDe {library!r}", "read its files by from_options")
    if form != "csv":
        return form, {}
    given = serde.get("Parameters") or {}
    if "lazysimple" in library.lower():
        options = {"separator": given.get("field.delim", "\x01"), "quoteChar": -1}
    else:
        options = {
            "separator": given.get("separatorChar", ","),
            "quoteChar": given.get("quoteChar", '"'),
            "escaper": given.get("escapeChar", "\\"),
        }
    headers = parameters.get("skip.header.line.count", "0")
    if headers not in ("0", "1"):
        raise refused(f"skip.header.line.count={headers}", "expected 0 or 1")
    return "csv", {**options, "withHeader": headers == "1"}
