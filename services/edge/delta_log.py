"""Delta tables in S3 as their log describes them: one version of schema, partitions and files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

# https://github.com/delta-io/delta/blob/master/PROTOCOL.md#primitive-types
# and https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables-supported-types-columns.html
HIVE_NAMES = {
    "string": "string",
    "long": "bigint",
    "integer": "int",
    "short": "smallint",
    "byte": "tinyint",
    "float": "float",
    "double": "double",
    "boolean": "boolean",
    "binary": "binary",
    "date": "date",
    "timestamp": "timestamp",
    "timestamp_ntz": "timestamp",
}
DECIMAL = re.compile(r"decimal\(\d+,\s*\d+\)")
LOCATION = re.compile(r"s3a?://(?P<table>[^/]+(/.*?)?)/*")
S3_ERROR = re.compile(
    r"<Code>(?P<code>.*?)</Code>\s*<Message>(?P<message>.*?)</Message>", re.DOTALL
)
# What the Rust library appends to a message: a stack trace, and colours within.
STACK_TRACE = re.compile(r"\n\s+\d+: .*", re.DOTALL)
COLOUR = re.compile(r"\x1b\[\d*m")


class DeltaTableError(Exception):
    """A location that cannot be read as a Delta table."""

    def __init__(self, location: str, message: str) -> None:
        super().__init__(message)
        self.location = location


class NotADeltaTableError(DeltaTableError):
    """No Delta log stands at the location."""

    def __init__(self, location: str) -> None:
        super().__init__(location, f"Expected a Delta table at {location}, found no Delta log.")


class UnreadableDeltaTableError(DeltaTableError):
    """There is a Delta log, but it cannot be read: its cause says why."""

    def __init__(self, location: str, cause: str) -> None:
        super().__init__(location, f"The Delta log at {location} cannot be read: {cause}")


@dataclass(frozen=True)
class Column:
    """A column by its name in the log, with its type as Glue and Hive write it."""

    name: str
    type: str
    comment: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """One version of a table; `columns` has the partition columns too, in the log's order."""

    location: str
    version: int
    columns: tuple[Column, ...]
    partition_columns: tuple[str, ...]
    configuration: dict[str, str]
    table_id: str

    @property
    def data_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.name not in self.partition_columns)

    @property
    def partition_keys(self) -> tuple[Column, ...]:
        by_name = {column.name: column for column in self.columns}
        return tuple(by_name[name] for name in self.partition_columns)


def storage_options(endpoint_url: str, region: str = "us-east-1") -> dict[str, str]:
    """What deltalake needs to read S3 through the edge, and only through it."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
    }


def opened(location: str, endpoint_url: str, version: int | None = None) -> DeltaTable:
    """The table at an s3:// location, at its latest version or the one that is named."""
    match = LOCATION.fullmatch(location)
    if match is None:
        raise NotADeltaTableError(location)
    uri = f"s3://{match['table']}"
    try:
        return DeltaTable(uri, version=version, storage_options=storage_options(endpoint_url))
    except TableNotFoundError as error:
        raise NotADeltaTableError(location) from error
    except (DeltaError, OSError, ValueError) as error:
        raise UnreadableDeltaTableError(location, reason(str(error))) from error


def snapshot(table: DeltaTable) -> Snapshot:
    """What the opened version's metadata says; its files are `file_uris(table)`."""
    metadata = table.metadata()
    return Snapshot(
        location=table.table_uri.rstrip("/"),
        version=table.version(),
        columns=columns(json.loads(table.schema().to_json())),
        partition_columns=tuple(metadata.partition_columns),
        configuration=dict(metadata.configuration),
        table_id=str(metadata.id),
    )


def file_uris(table: DeltaTable) -> list[str]:
    """The s3:// addresses of the files that this version consists of."""
    return list(table.file_uris())


def last_commit(table: DeltaTable) -> dict[str, Any]:
    """The newest commit's information: version, timestamp (epoch milliseconds), operation, …"""
    commits = table.history(1)
    return dict(commits[0]) if commits else {}


def columns(schema: dict[str, Any]) -> tuple[Column, ...]:
    """The columns of a schema as the log has it; raises ValueError for a type Glue has not."""
    return tuple(
        Column(
            field["name"], hive_type(field["type"]), (field.get("metadata") or {}).get("comment")
        )
        for field in schema["fields"]
    )


def hive_type(kind: str | dict[str, Any]) -> str:
    """Glue's name of a Delta type: `long` is bigint, `{"type": "array", …}` is array<…>."""
    if isinstance(kind, str):
        if DECIMAL.fullmatch(kind):
            return kind.replace(" ", "")
        if kind not in HIVE_NAMES:
            raise ValueError(f"Expected a Delta type that Glue has, found {kind!r}.")
        return HIVE_NAMES[kind]
    if kind["type"] == "array":
        return f"array<{hive_type(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"map<{hive_type(kind['keyType'])},{hive_type(kind['valueType'])}>"
    if kind["type"] == "struct":
        inner = ",".join(f"{field['name']}:{hive_type(field['type'])}" for field in kind["fields"])
        return f"struct<{inner}>"
    raise ValueError(f"Expected an array, map or struct, found {kind['type']!r}.")


def reason(message: str) -> str:
    """The cause within an error of the Delta library: S3's own where S3 refused."""
    if refused := S3_ERROR.search(message):
        return f"{refused['message']} ({refused['code']})"
    return " ".join(COLOUR.sub("", STACK_TRACE.sub("", message)).split())
