"""The rows of two versions of a table in; added, removed and changed rows by key out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa

from pipeline.delta_versions import naive_utc
from pipeline.table_keys import TABLE_KEYS

MOST_ROWS = 1_000
# Two doubles are equal that differ by less than this part of their size: the order in which a sum
# was taken decides on its last digits.
NOISE = 1e-9

Kind = Literal["added", "removed", "changed"]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class RowChange:
    """A row by its key; `before` and `after` are the other columns' values, where the row was.

    `columns` are those that differ; of a row that was added or removed all.
    """

    kind: Kind
    key: Values
    before: Values | None
    after: Values | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ColumnChange:
    """A column with its Arrow types; None where the version does not have it."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class TableChanges:
    """What differs. `rows` are at most MOST_ROWS, ordered by key; the numbers count all."""

    table: str
    added: int
    removed: int
    changed: int
    rows: tuple[RowChange, ...]
    columns: tuple[ColumnChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.columns)

    @property
    def is_whole(self) -> bool:
        """Whether `rows` has every row that differs."""
        return len(self.rows) == self.added + self.removed + self.changed


def table_changes(
    table: str, before: pa.Table | None, after: pa.Table, most_rows: int = MOST_ROWS
) -> TableChanges:
    """Compare two versions; None stands for the time before the table was there.

    Rows meet by the table's key (table_keys.py). Rows of one key, and rows of a table without a
    key, meet in the order of their values.
    """
    old = naive_utc(after.slice(0, 0) if before is None else before)
    new = naive_utc(after)
    shared = [name for name in new.column_names if name in old.column_names]
    key = [name for name in TABLE_KEYS.get(table, ()) if name in shared]
    pairs = {name: _Pair.of(name, old.schema, new.schema) for name in shared}
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("old_rows", old)
        connection.register("new_rows", new)
        connection.execute(f"CREATE TEMP TABLE differing AS {_differing(pairs, key)}")
        counted = connection.execute("SELECT kind, count(*) FROM differing GROUP BY kind")
        counts: dict[Kind, int] = dict(counted.fetchall())
        found: list[tuple[Kind, Values | None, Values | None, list[str]]] = connection.execute(
            "SELECT kind, old, new, columns FROM differing ORDER BY place, kind, old, new"
            f" LIMIT {most_rows}"
        ).fetchall()
    return TableChanges(
        table=table,
        added=counts.get("added", 0),
        removed=counts.get("removed", 0),
        changed=counts.get("changed", 0),
        rows=tuple(_row_change(*row, key) for row in found),
        columns=column_changes(old.schema, new.schema),
    )


def column_changes(before: pa.Schema, after: pa.Schema) -> tuple[ColumnChange, ...]:
    """The columns that only one version has, or that have another type."""
    old = {field.name: str(field.type) for field in before}
    new = {field.name: str(field.type) for field in after}
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        ColumnChange(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


@dataclass(frozen=True)
class _Pair:
    """A column that both versions have, in SQL over their rows `o` and `n`."""

    name: str
    old: str
    new: str
    has_noise: bool

    @staticmethod
    def of(name: str, before: pa.Schema, after: pa.Schema) -> _Pair:
        types = before.field(name).type, after.field(name).type
        are_numbers = all(pa.types.is_floating(t) or pa.types.is_integer(t) for t in types)
        # Values of two types are compared as numbers, or else by what they look like.
        cast = "" if types[0] == types[1] else "::DOUBLE" if are_numbers else "::VARCHAR"
        field = f"{_quoted(name)}{cast}"
        has_noise = are_numbers and any(pa.types.is_floating(t) for t in types)
        return _Pair(name, f"o.{field}", f"n.{field}", has_noise)

    @property
    def differs(self) -> str:
        differs = f"{self.old} IS DISTINCT FROM {self.new}"
        if not self.has_noise:
            return differs
        size = f"greatest(abs({self.old}), abs({self.new}))"
        is_noise = (
            f"isfinite({self.old}) AND isfinite({self.new})"
            f" AND abs({self.old} - {self.new}) <= {NOISE} * {size}"
        )
        return f"{differs} AND NOT coalesce({is_noise}, false)"


def _differing(pairs: Mapping[str, _Pair], key: Sequence[str]) -> str:
    """The query for rows that differ: their kind, both sides as structs, the columns' names."""
    match = [pairs[name] for name in key or pairs]
    rest = [pair for name, pair in pairs.items() if name not in key] if key else []
    same = " AND ".join(
        ["o._nth = n._nth", *(f"{pair.old} IS NOT DISTINCT FROM {pair.new}" for pair in match)]
    )
    columns = ", ".join(f"CASE WHEN {p.differs} THEN {_text(p.name)} END" for p in rest)
    place = ", ".join(f"coalesce({pair.new}, {pair.old})" for pair in match)
    return f"""
        SELECT CASE WHEN o._nth IS NULL THEN 'added'
                    WHEN n._nth IS NULL THEN 'removed' ELSE 'changed' END AS kind,
               o._row AS old, n._row AS new, row({place}) AS place,
               list_filter([{columns}]::VARCHAR[], lambda name: name IS NOT NULL) AS columns
        FROM ({_numbered("old_rows", match)}) o
        FULL OUTER JOIN ({_numbered("new_rows", match)}) n ON {same}
        WHERE o._nth IS NULL OR n._nth IS NULL OR len(columns) > 0
    """


def _numbered(rows: str, match: Sequence[_Pair]) -> str:
    names = ", ".join(_quoted(pair.name) for pair in match)
    return (
        "SELECT *, r AS _row, row_number() OVER"
        f" (PARTITION BY {names} ORDER BY r) AS _nth FROM {rows} r"
    )


def _row_change(
    kind: Kind, old: Values | None, new: Values | None, columns: list[str], key: Sequence[str]
) -> RowChange:
    before = None if kind == "added" or old is None else old
    after = None if kind == "removed" or new is None else new
    there = after or before or {}
    rest = [name for name in there if name not in key]

    def others(row: Values | None) -> Values | None:
        return None if row is None else {n: v for n, v in row.items() if n not in key}

    return RowChange(
        kind=kind,
        key={name: there[name] for name in key},
        before=others(before),
        after=others(after),
        columns=tuple(columns if kind == "changed" else rest),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
