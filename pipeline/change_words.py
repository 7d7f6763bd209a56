"""Changes of a table in, a line for each in words out: what a person reads first, and why."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.table_changes import ColumnChange, RowChange, TableChanges, Values


@dataclass(frozen=True)
class Measure:
    """How a column is told: as what, whether it is money."""

    name: str
    is_money: bool = False


MEASURES: Mapping[str, Measure] = {
    "bookings_count": Measure("bookings"),
    "total_bookings_count": Measure("bookings"),
    "total_bookings": Measure("bookings"),
    "bookings": Measure("bookings"),
    "total_spend": Measure("spend", is_money=True),
    "spend": Measure("spend", is_money=True),
    "total_meetings_count": Measure("meetings"),
    "canceled": Measure("canceled"),
    "rescheduled": Measure("rescheduled"),
    "no_show": Measure("no-shows"),
    "net_bookings": Measure("net bookings"),
}
# Cost per booking, which comes first with both values, and what it is made of.
COSTS = ("cpb", "cost_per_booking")
COST_OF = ("bookings", "spend")
DASH = "–"

LONGEST = 120


def headline(changes: TableChanges) -> str:
    """One line: the numbers of rows that differ."""
    if changes.is_empty:
        return f"{changes.table}: no change"
    counts = [
        f"{number:,} {kind}"
        for kind, number in (
            ("changed", changes.changed),
            ("added", changes.added),
            ("removed", changes.removed),
        )
        if number
    ]
    return f"{changes.table}: {', '.join(counts) or 'no row differs'}"


def lines(changes: TableChanges) -> Iterator[str]:
    """A line for each column and row that differs; the last says how many rows are not shown."""
    yield from (column_line(column) for column in changes.columns)
    yield from (row_line(row) for row in changes.rows)
    if not changes.is_whole:
        left = changes.added + changes.removed + changes.changed - len(changes.rows)
        yield f"and {left:,} more rows"


def column_line(column: ColumnChange) -> str:
    if column.before is None:
        return f"column {column.name} added ({column.after})"
    if column.after is None:
        return f"column {column.name} removed ({column.before})"
    return f"column {column.name}: {column.before} -> {column.after}"


def row_line(row: RowChange) -> str:
    """E.g. "facebook: 168.84 -> 161.20 per booking; bookings +7, spend +0.00"."""
    name = ", ".join(_shown(value) for value in row.key.values())
    if row.before is None or row.after is None:
        values = row.after or row.before or {}
        told = ", ".join(_value(column, values) for column in values)
        return f"{name or 'row'} {row.kind}: {told}"
    parts = _costs(row, row.before, row.after)
    # What a cost is made of explains it, changed or not.
    told_columns = [c for c in row.after if c in row.columns or (parts and c in MEASURES)]
    others = [
        _difference(column, row.before.get(column), row.after[column])
        for column in told_columns
        if column not in COSTS
    ]
    return f"{name or 'row'}: {'; '.join([*parts, *([', '.join(others)] if others else [])])}"


def _costs(row: RowChange, before: Values, after: Values) -> list[str]:
    return [
        f"{_cost(before, column)} -> {_cost(after, column)} per booking"
        for column in COSTS
        if column in row.columns
    ]


def _cost(values: Values, column: str) -> str:
    """A dash where nothing was booked or nothing was spent: gold has 0.0 there."""
    made_of = [values[n] for n, m in MEASURES.items() if m.name in COST_OF and n in values]
    return DASH if 0 in made_of else f"{values[column]:,.2f}"


def _difference(column: str, before: Any, after: Any) -> str:
    measure = MEASURES.get(column)
    if measure is None or not _is_number(before) or not _is_number(after):
        return f"{_named(column)} {_shown(before)} -> {_shown(after)}"
    return f"{measure.name} {after - before:{'+,.2f' if measure.is_money else '+,'}}"


def _value(column: str, values: Values) -> str:
    if column in COSTS:
        return f"{_named(column)} {_cost(values, column)}"
    measure, value = MEASURES.get(column), values[column]
    is_money = measure is not None and measure.is_money
    shown = f"{value:,.2f}" if is_money and _is_number(value) else _shown(value)
    return f"{_named(column)} {shown}"


def _named(column: str) -> str:
    if column in COSTS:
        return "cost per booking"
    return MEASURES[column].name if column in MEASURES else column.replace("_", " ")


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, default=str)
