"""Tables of the Glue catalog as datasets: Delta by its log, others by their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.tables import (
    delta_tables,
    partition_values,
    scans,
    serde_properties,
    shapes,
    text_files,
)
from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.engine.tables.parquet_files import ParquetReader
from services.edge.athena.engine.tables.scans import Part
from services.edge.athena.glue_documents import Column as GlueColumn
from services.edge.athena.glue_documents import Partition, Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

Partitions = Callable[[], list[Partition]]
LIBRARIES = {
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe": "text",
    "org.apache.hadoop.hive.serde2.OpenCSVSerde": "csv",
    "org.apache.hadoop.hive.serde2.RegexSerDe": "regex",
    "org.openx.data.jsonserde.JsonSerDe": "openx",
    "org.apache.hive.hcatalog.data.JsonSerDe": "json",
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": "parquet",
}


@dataclass(frozen=True)
class Opened:
    """What DuckDB registers, the columns, and each column's expression where it is not plain.

    The hidden columns are found by their names only.
    """

    data: Any
    columns: list[Column]
    expressions: list[str] | None = None
    hidden: list[Column] = field(default_factory=list)


def is_delta(table: Table) -> bool:
    parameters = {k.lower(): str(v).lower() for k, v in (table.get("Parameters") or {}).items()}
    delta = (parameters.get("table_type"), parameters.get("spark.sql.sources.provider"))
    return "delta" in delta or parameters.get("classification") == "delta"


def kind_of(table: Table) -> str:
    """delta, or the kind of its SerDe; raises QueryError for what is not read here."""
    if is_delta(table):
        return "delta"
    storage = table.get("StorageDescriptor") or {}
    library = (storage.get("SerdeInfo") or {}).get("SerializationLibrary", "")
    if "Symlink" in (storage.get("InputFormat") or "") or library not in LIBRARIES:
        raise QueryError(
            "HIVE_UNSUPPORTED_FORMAT",
            f"Table {table['DatabaseName']}.{table['Name']} has SerDe {library or 'none'} and"
            f" input format {storage.get('InputFormat')}: expected one of {', '.join(LIBRARIES)}",
        )
    return LIBRARIES[library]


def opened(table: Table, storage: Storage, partitions: Partitions) -> Opened:
    kind = kind_of(table)
    if kind == "delta":
        data, found = delta_tables.opened(table, storage)
        return Opened(data, found, hidden=scans.HIDDEN)
    parameters = table.get("Parameters") or {}
    if str(parameters.get("projection.enabled", "")).lower() == "true":
        raise QueryError("NOT_SUPPORTED", "Partition projection is not supported here")
    parts = _parts(table, storage, partitions)
    declared = columns(table["StorageDescriptor"].get("Columns") or [])
    keys = columns(table.get("PartitionKeys") or [])
    every = [*declared, *keys]
    if kind == "parquet":
        return Opened(_parquet(table, parts, declared, every, storage), every, hidden=scans.HIDDEN)
    data, expressions = text_files.opened(kind, table, parts, declared, keys, storage)
    return Opened(data, every, expressions, scans.HIDDEN)


def partition_table(keys: list[Column], values: list[list[str | None]]) -> Opened:
    columns_of = zip(*values, strict=True) if values else [()] * len(keys)
    arrays = [
        pa.array([partition_values.scalar(key, file).as_py() for file in found], arrow(key.type))
        for key, found in zip(keys, columns_of, strict=True)
    ]
    return Opened(pa.table(arrays, names=[key.name or "" for key in keys]), keys)


def columns(described: list[GlueColumn]) -> list[Column]:
    found = []
    for column in described:
        try:
            found.append(
                Column(column["Name"].lower(), t.from_hive(column.get("Type") or "string"))
            )
        except ValueError as error:
            message = f"Column {column['Name']}: {error}"
            raise QueryError("HIVE_INVALID_METADATA", message) from error
    return found


def _parts(table: Table, storage: Storage, partitions: Partitions) -> list[Part]:
    keys = columns(table.get("PartitionKeys") or [])
    if not keys:
        return [Part(file) for file in storage.data_files(table["StorageDescriptor"]["Location"])]
    found: list[Part] = []
    for partition in partitions():
        values = {
            key.name or "": partition_values.scalar(
                key, None if value == partition_values.HIVE_NULL else value
            )
            for key, value in zip(keys, partition["Values"], strict=True)
        }
        files = storage.data_files(partition["StorageDescriptor"]["Location"])
        found.extend(Part(file, values) for file in files)
    return found


def _parquet(
    table: Table,
    parts: list[Part],
    declared: list[Column],
    every: list[Column],
    storage: Storage,
) -> Any:
    properties = serde_properties.of(table, "parquet")
    by_place = serde_properties.is_true(properties, "parquet.column.index.access")
    found = {
        column.name or "": shapes.of_type(
            column.name or "", column.type, place if by_place else None
        )
        for place, column in enumerate(declared)
    }
    schema = scans.whole_schema(every)
    return scans.table_data(parts, schema, storage, ParquetReader(found, schema, storage))
