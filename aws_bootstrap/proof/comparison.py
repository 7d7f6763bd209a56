"""The tables of both sides in; every difference, by channel, day and column, out."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any

from pipeline.names import GOLD, SILVER
from pipeline.table_keys import TABLE_KEYS

Row = tuple[str | None, ...]
Document = dict[str, Any]

# In fact_events an invitee has several rows: those of a key are compared as a set.
KEYS = {**TABLE_KEYS, "fact_events": ("data_payload_uri",)}
# The run that first rejected a row is named by its time.
UNCOMPARED = {"rejected_events": ("run",), "rejected_marketing": ("run",)}
DAYS = ("booking_date", "spend_date", "event_date", "date")
WHOLE, DECIMAL = ("tinyint", "smallint", "integer", "bigint"), ("float", "real", "double")
ROW = "(row)"


@dataclass(frozen=True)
class Column:
    name: str
    type: str


@dataclass(frozen=True)
class Table:
    """Values as Athena writes them; None is NULL."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Difference:
    """`laptop` and `cloud` are the values; of a row that one side lacks, None and "there"."""

    table: str
    key: str
    channel: str | None
    day: str | None
    column: str
    laptop: str | None
    cloud: str | None


def compared(laptop: Mapping[str, Table], cloud: Mapping[str, Table]) -> list[Document]:
    """For every silver and gold table its rows, sums and hashes on both sides, and differences."""
    return [_table(name, laptop.get(name), cloud.get(name)) for name in (*SILVER, *GOLD)]


def _table(name: str, laptop: Table | None, cloud: Table | None) -> Document:
    both = (laptop, cloud)
    facts: Document = {
        "table": name,
        "rows": [len(side.rows) if side else None for side in both],
        "sums": _sums(both),
        "hashes": [_hash(side) if side else None for side in both],
        "schema": _schema(laptop, cloud),
        "not_compared": list(UNCOMPARED.get(name, ())),
        "differences": [],
    }
    if laptop and cloud:
        facts["differences"] = [vars(each) for each in differences(laptop, cloud)]
    # A table that neither side has would prove nothing.
    is_there = laptop is not None and cloud is not None
    facts["equal"] = is_there and not facts["schema"] and facts["hashes"][0] == facts["hashes"][1]
    return facts


def differences(laptop: Table, cloud: Table) -> list[Difference]:
    """Value by value for rows of the same key; a row that one side lacks is one difference."""
    found: list[Difference] = []
    names = [name for name in _names(laptop) if name in _names(cloud)]
    left, right = _by_key(laptop, names), _by_key(cloud, names)
    for key in sorted(left.keys() | right.keys()):
        ours, theirs = left.get(key, Counter()), right.get(key, Counter())
        pairs = zip_longest(_sorted(ours - theirs), _sorted(theirs - ours))
        for one, other in pairs:
            found += _of_pair(laptop.name, names, key, one, other)
    return found


def _of_pair(
    table: str, names: list[str], key: tuple[str, ...], one: Row | None, other: Row | None
) -> list[Difference]:
    known: Row = one or other or ()
    values = dict(zip(names, known, strict=True))
    day = next((values[name] for name in DAYS if values.get(name)), None)
    where = (table, ", ".join(key), values.get("channel"), day)
    if one is None or other is None:
        return [Difference(*where, ROW, "there" if one else None, "there" if other else None)]
    return [
        Difference(*where, name, mine, others)
        for name, mine, others in zip(names, one, other, strict=True)
        if mine != others
    ]


def _names(table: Table) -> list[str]:
    left_out = UNCOMPARED.get(table.name, ())
    return [column.name for column in table.columns if column.name not in left_out]


def _rows(table: Table, names: list[str]) -> list[Row]:
    places = [[column.name for column in table.columns].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in table.rows]


def _by_key(table: Table, names: list[str]) -> dict[tuple[str, ...], Counter[Row]]:
    places = [names.index(name) for name in KEYS[table.name] if name in names]
    found: dict[tuple[str, ...], Counter[Row]] = defaultdict(Counter)
    for row in _rows(table, names):
        found[tuple(str(row[place]) for place in places)][row] += 1
    return found


def _sorted(rows: Counter[Row]) -> list[Row]:
    # NULL before any text.
    return sorted(rows.elements(), key=lambda row: [(cell is not None, cell or "") for cell in row])


def _schema(laptop: Table | None, cloud: Table | None) -> list[Document]:
    """The columns by place that differ in name or type; a missing table has none of them."""
    pairs = zip_longest(laptop.columns if laptop else (), cloud.columns if cloud else ())
    return [{"laptop": _shown(one), "cloud": _shown(other)} for one, other in pairs if one != other]


def _shown(column: Column | None) -> str | None:
    return f"{column.name} {column.type}" if column else None


def _sums(both: tuple[Table | None, Table | None]) -> dict[str, list[str | None]]:
    sums = [_sums_of(side) if side else {} for side in both]
    return {
        name: [side.get(name) for side in sums]
        for name in dict.fromkeys(name for side in sums for name in side)
    }


def _sums_of(table: Table) -> dict[str, str]:
    """Exact sums of the numbers as Athena writes them."""
    found = {}
    for place, column in enumerate(table.columns):
        if column.type in WHOLE or column.type in DECIMAL or column.type.startswith("decimal"):
            values = [_number(row[place]) for row in table.rows if row[place] is not None]
            found[column.name] = f"{sum(values, Decimal(0)):f}"
    return found


def _number(text: str | None) -> Decimal:
    try:
        return Decimal(text or "0")
    except InvalidOperation:
        return Decimal("NaN")


def _hash(table: Table) -> str:
    """Of all rows, in whatever order they come: a hash of the rows' hashes."""
    digests = sorted(
        hashlib.sha256(repr(row).encode()).hexdigest() for row in _rows(table, _names(table))
    )
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:32]
