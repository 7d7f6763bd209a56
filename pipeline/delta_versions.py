"""The versions of a Delta table: which there are, who made them, and the rows of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError


class NoSuchTableError(Exception):
    """There is no Delta table at the address."""


class NoSuchVersionError(Exception):
    """The table never had the version, or its files were removed."""


@dataclass(frozen=True)
class Version:
    """A commit: its number, when it was made, by which operation, with which `userMetadata`."""

    number: int
    committed: datetime
    operation: str
    note: str | None = None


def versions(uri: str, options: dict[str, str], limit: int | None = None) -> list[Version]:
    """The table's commits whose entries the log still has, newest first.

    Raises NoSuchTableError.
    """
    found = _open(uri, options, None).history(limit=limit)
    return [_version(entry) for entry in found]


def rows_of_version(uri: str, options: dict[str, str], number: int) -> pa.Table:
    """All rows of the version, times as naive UTC. Raises NoSuchTable-, NoSuchVersionError."""
    newest = _open(uri, options, None).version()
    if not 0 <= number <= newest:
        raise NoSuchVersionError(
            f"Expected a version of {uri} from 0 to {newest}, found {number}: `lake diff TABLE`"
            " compares the last two"
        )
    try:
        return rows_of(_open(uri, options, number))
    except (DeltaError, OSError) as error:
        raise NoSuchVersionError(
            f"Version {number} of {uri} cannot be read any more, a VACUUM may have removed its"
            f" files: choose a later one. ({str(error).splitlines()[0]})"
        ) from error


def rows_of(table: DeltaTable) -> pa.Table:
    """All rows of an open table, times as naive UTC."""
    # Not to_pyarrow_table(): PyArrow's threads over deltalake's files can abort an ending process.
    return naive_utc(pa.table(table.scan()))


def naive_utc(rows: pa.Table) -> pa.Table:
    """Times without a zone: DuckDB wants an extension, and pytz, for times with one."""
    fields = [
        field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))


def _open(uri: str, options: dict[str, str], number: int | None) -> DeltaTable:
    try:
        return DeltaTable(uri, version=number, storage_options=options)
    except TableNotFoundError as error:
        raise NoSuchTableError(
            f"There is no table at {uri} yet: `lake run` makes the pipeline's tables"
        ) from error


def _version(entry: dict[str, Any]) -> Version:
    return Version(
        number=entry["version"],
        committed=datetime.fromtimestamp(entry["timestamp"] / 1000, UTC),
        operation=entry.get("operation", ""),
        note=entry.get("userMetadata"),
    )
