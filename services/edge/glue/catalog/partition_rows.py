"""Partitions in the store: found by their values, listed by a filter in the order of these."""

from __future__ import annotations

import json
from typing import Any

from services.edge.glue import errors
from services.edge.glue.catalog import partitions, tables
from services.edge.glue.catalog.filters import Filter
from services.edge.glue.catalog.partitions import Partition
from services.edge.glue.catalog.store import COLUMNS, VALUES, CatalogStore, dumped, loaded
from services.edge.glue.catalog.table_rows import StoredTable

START = [""] * (COLUMNS + 1)
INSERT = (
    f"INSERT INTO partitions (table_id, document, key, segment, misfits, {VALUES}, sorts)"
    f" VALUES ({', '.join('?' * (COLUMNS + 6))})"
)


def find(store: CatalogStore, found: StoredTable, values: list[str]) -> Partition | None:
    row = store.row(
        "SELECT document FROM partitions WHERE table_id=? AND key=?",
        *(found.id, partitions.key_of(values)),
    )
    return loaded(row[0]) if row else None


def require(store: CatalogStore, found: StoredTable, values: list[str]) -> Partition:
    partition = find(store, found, values)
    if partition is None:
        raise errors.GlueError("EntityNotFoundException", "Cannot find partition.")
    return partition


def insert(store: CatalogStore, found: StoredTable, partition: Partition) -> None:
    if find(store, found, partition["Values"]) is not None:
        raise errors.already_exists("Partition")
    store.write(INSERT, *_stored(found, partition))


def replace(
    store: CatalogStore, found: StoredTable, values: list[str], partition: Partition
) -> None:
    """Instead of the partition of `values`, which may differ from the new one's."""
    if partition["Values"] != values and find(store, found, partition["Values"]) is not None:
        raise errors.already_exists("Partition")
    delete(store, found, values)
    store.write(INSERT, *_stored(found, partition))


def delete(store: CatalogStore, found: StoredTable, values: list[str]) -> None:
    gone = store.write(
        "DELETE FROM partitions WHERE table_id=? AND key=?",
        *(found.id, partitions.key_of(values)),
    )
    if not gone:
        raise errors.GlueError("EntityNotFoundException", "Cannot find partition.")


def retype(store: CatalogStore, found: StoredTable) -> None:
    """Sort and filter by the table's partition keys of now."""
    rows = store.rows("SELECT document FROM partitions WHERE table_id=?", found.id)
    store.write("DELETE FROM partitions WHERE table_id=?", found.id)
    store.write_all(INSERT, [_stored(found, loaded(document)) for (document,) in rows])


def after(
    store: CatalogStore,
    found: StoredTable,
    position: list[str],
    wanted: Filter,
    segment: dict[str, int] | None,
    size: int,
) -> list[tuple[list[str], Partition]]:
    """The next partitions with their positions, one more than `size` where there are more."""
    _refuse_misfits(store, found, wanted.positions)
    sql, parameters = f"table_id=? AND ({wanted.sql})", [found.id, *wanted.parameters]
    if position != START:  # left out at first: the index then goes by the filter's leading keys
        sql += f" AND ({VALUES}, key) > ({', '.join('?' * len(START))})"
        parameters += position
    if segment:
        sql += " AND segment % ? = ?"
        parameters += [segment["TotalSegments"], segment["SegmentNumber"]]
    rows = store.rows(
        f"SELECT {VALUES}, key, document FROM partitions INDEXED BY partitions_by_value"
        f" WHERE {sql} ORDER BY {VALUES}, key LIMIT ?",
        *(*parameters, size + 1),
    )
    return [(list(row[:-1]), loaded(row[-1])) for row in rows]


def _refuse_misfits(store: CatalogStore, found: StoredTable, positions: frozenset[int]) -> None:
    """As Glue: a filter fails where a value that it compares is not of its key's type."""
    if not positions:
        return
    for (text,) in store.rows(
        "SELECT misfits FROM partitions WHERE table_id=? AND misfits IS NOT NULL", found.id
    ):
        for misfit in json.loads(text):
            if misfit["position"] in positions:
                raise errors.invalid_state(misfit["message"])


def _stored(found: StoredTable, partition: Partition) -> tuple[Any, ...]:
    row = partitions.row(partition["Values"], tables.key_types(found.table))
    document = dumped(partition)
    return (found.id, document, row.key, row.segment, row.misfits, *row.columns, row.sorts)
