"""Tables that a crawl has found, as Glue's TableInput and PartitionInput."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from services.edge.delta.log import Snapshot
from services.edge.delta.schemas import Column
from services.edge.glue.documents.crawler_targets import folder

Table = dict[str, Any]

CRAWLER = "UPDATED_BY_CRAWLER"
DEPRECATED = "DEPRECATED_BY_CRAWLER"
SERIALIZATION = {
    "CrawlerSchemaSerializerVersion": "1.0",
    "CrawlerSchemaDeserializerVersion": "1.0",
}


@dataclass(frozen=True)
class Format:
    """How the files of a table are read: Hive's classes and their parameters."""

    input_format: str
    output_format: str
    serde: str
    serde_parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Partition:
    values: tuple[str, ...]
    location: str


@dataclass(frozen=True)
class FoundTable:
    """A table by the folder or file that it stands in; columns are without partition keys.

    `whole` is false where files were passed over: then a missing partition may not be gone.
    """

    location: str
    classification: str
    columns: tuple[Column, ...]
    partition_keys: tuple[Column, ...]
    format: Format
    parameters: dict[str, str] = field(default_factory=dict)
    partitions: tuple[Partition, ...] = ()
    whole: bool = True


# What Athena wants of a native Delta table: its files are found by the log below `path`.
DELTA = Format(
    "org.apache.hadoop.mapred.SequenceFileInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    {"serialization.format": "1"},
)


def delta_table(path: str, snapshot: Snapshot) -> FoundTable:
    location = folder(path)
    parameters = {
        "EXTERNAL": "TRUE",
        "table_type": "DELTA",
        "spark.sql.sources.provider": "delta",
        "delta.lastUpdateVersion": str(snapshot.version),
    }
    found = {**DELTA.serde_parameters, "path": location}
    return FoundTable(
        location=location,
        classification="delta",
        columns=lower_cased(snapshot.data_columns),
        partition_keys=lower_cased(snapshot.partition_keys),
        format=Format(DELTA.input_format, DELTA.output_format, DELTA.serde, found),
        parameters=parameters,
    )


def lower_cased(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Column names as a crawler writes them."""
    return tuple(Column(c.name.lower(), c.type, c.comment) for c in columns)


def table_name(location: str, prefix: str = "") -> str:
    """The last segment of the path, in lower case, with `_` for what is not a word character."""
    segment = location.rstrip("/").rsplit("/", 1)[-1]
    return f"{prefix}{re.sub(r'[^A-Za-z0-9_]', '_', segment)}".lower()


def distinct_name(name: str, location: str) -> str:
    """The name that AWS gives where another location has the plain one: a hash of the path."""
    return f"{name}_{md5(location.encode(), usedforsecurity=False).hexdigest()}"


def table_input(found: FoundTable, name: str, crawler: str) -> Table:
    parameters = {**SERIALIZATION, CRAWLER: crawler, "classification": found.classification}
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {**parameters, **found.parameters},
        "PartitionKeys": [_column(key) for key in found.partition_keys],
        "StorageDescriptor": {
            "Columns": [_column(column) for column in found.columns],
            "Location": found.location,
            "InputFormat": found.format.input_format,
            "OutputFormat": found.format.output_format,
            "Compressed": found.parameters.get("compressionType", "none") != "none",
            "NumberOfBuckets": -1,
            "SerdeInfo": {
                "SerializationLibrary": found.format.serde,
                "Parameters": dict(found.format.serde_parameters),
            },
            "BucketColumns": [],
            "SortColumns": [],
            "Parameters": {**parameters, **found.parameters},
            "StoredAsSubDirectories": False,
        },
    }


def partition_input(partition: Partition, table: Table) -> dict[str, Any]:
    """A partition with the storage of its table, at its own location."""
    storage = {**table["StorageDescriptor"], "Location": partition.location}
    return {
        "Values": list(partition.values),
        "StorageDescriptor": storage,
        "Parameters": dict(storage.get("Parameters", {})),
    }


def _column(column: Column) -> dict[str, str]:
    named = {"Name": column.name, "Type": column.type}
    return {**named, "Comment": column.comment} if column.comment else named
