"""Tables of the Data Catalog as plain documents, and what a new version makes of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.edge.glue.catalog import checks
from services.edge.glue.errors import concurrent_modification, invalid_input

Table = dict[str, Any]
# What GetTable answers where the input says nothing.
STORAGE = {
    "Compressed": False,
    "NumberOfBuckets": 0,
    "SortColumns": [],
    "StoredAsSubDirectories": False,
}


def created(definition: dict[str, Any], database: str, account: str, now: float) -> Table:
    """Version 0 of a table as GetTable answers it; `definition` is a TableInput."""
    checks.available(definition)
    own = {name: value for name, value in definition.items() if value is not None}
    for key in own.get("PartitionKeys", []):
        if key.get("Parameters"):
            raise invalid_input("Parameters not supported for partition columns")
    return {
        "Retention": 0,
        "PartitionKeys": [],
        **own,
        "Name": own["Name"].lower(),
        **({"StorageDescriptor": storage(own)} if own.get("StorageDescriptor") else {}),
        "DatabaseName": database,
        "CreateTime": now,
        "UpdateTime": now,
        "CreatedBy": f"arn:aws:iam::{account}:root",
        "IsRegisteredWithLakeFormation": False,
        "IsMultiDialectView": False,
        "CatalogId": account,
        "VersionId": "0",
    }


def updated(table: Table, definition: dict[str, Any], expected: str | None, now: float) -> Table:
    """The next version, of `definition` alone; `expected` is the version it was made from."""
    if expected is not None and expected != table["VersionId"]:
        raise concurrent_modification("Update table")
    return {
        **created(definition, table["DatabaseName"], table["CatalogId"], now),
        "CreateTime": table["CreateTime"],
        "VersionId": str(int(table["VersionId"]) + 1),
    }


def storage(definition: dict[str, Any]) -> dict[str, Any]:
    """The storage descriptor of a table's or partition's input, with what Glue adds to it."""
    given = definition["StorageDescriptor"]
    return {**STORAGE, **{name: value for name, value in given.items() if value is not None}}


def key_types(table: Table) -> list[str]:
    """The types by which partitions are compared and sorted."""
    return [key.get("Type", "string") for key in table["PartitionKeys"]]


def words(table: Table) -> str:
    """The texts that SearchTables looks through, one a line and in lower case."""
    return "\n".join(_texts(table)).lower()


def _texts(table: Table) -> Iterator[str]:
    yield from (table["Name"], table["DatabaseName"], table.get("Description", ""))
    described = table.get("StorageDescriptor", {})
    yield described.get("Location", "")
    for column in [*described.get("Columns", []), *table["PartitionKeys"]]:
        yield from (column["Name"], column.get("Comment", ""))
    for name, value in table.get("Parameters", {}).items():
        yield from (name, value)
