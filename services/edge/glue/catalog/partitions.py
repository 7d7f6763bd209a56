"""Partitions of the Data Catalog as plain documents, and the row by which each is found."""

from __future__ import annotations

import json
import zlib
from typing import Any, NamedTuple

from services.edge.glue.catalog import checks, tables
from services.edge.glue.catalog.key_types import MisfitError, sortable
from services.edge.glue.catalog.store import COLUMNS

Partition = dict[str, Any]
# A multiple of every number of segments, 1 to 10, into which GetPartitions may divide a table.
SEGMENTS = 2520


class Row(NamedTuple):
    """`columns` are the first values in a form that sorts as their type does, `sorts` the rest."""

    key: str
    segment: int
    misfits: str | None
    columns: tuple[str, ...]
    sorts: str


def created(definition: dict[str, Any], table: tables.Table, now: float) -> Partition:
    """A partition as GetPartition answers it; `definition` is a PartitionInput."""
    own = {name: value for name, value in definition.items() if value is not None}
    own.setdefault("Values", [])
    checks.number_of_values(table["PartitionKeys"], own["Values"])
    return {
        **own,
        **({"StorageDescriptor": tables.storage(own)} if own.get("StorageDescriptor") else {}),
        "DatabaseName": table["DatabaseName"],
        "TableName": table["Name"],
        "CreationTime": now,
        "CatalogId": table["CatalogId"],
    }


def updated(partition: Partition, definition: dict[str, Any], table: tables.Table) -> Partition:
    """The whole definition is replaced, values included; the creation time stays."""
    same = {"Values": partition["Values"], **definition}
    return created(same, table, partition["CreationTime"])


def row(values: list[str], types: list[str]) -> Row:
    """Values that are not of their key's type stay as they are, and are told in `misfits`."""
    forms, misfits = list(values), []
    for position, (value, key_type) in enumerate(zip(values, types, strict=False)):
        try:
            forms[position] = sortable(key_type, value)
        except MisfitError as misfit:
            misfits.append({"position": position, "message": str(misfit)})
    named = key_of(values)
    padded = (*forms[:COLUMNS], *("",) * (COLUMNS - len(forms)))
    return Row(
        named,
        zlib.crc32(named.encode()) % SEGMENTS,
        json.dumps(misfits) if misfits else None,
        padded,
        json.dumps(forms[COLUMNS:]),
    )


def key_of(values: list[str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def without_columns(partition: Partition) -> Partition:
    """What ExcludeColumnSchema leaves."""
    storage = partition.get("StorageDescriptor")
    if storage is None:
        return partition
    kept = {name: value for name, value in storage.items() if name != "Columns"}
    return {**partition, "StorageDescriptor": kept}
