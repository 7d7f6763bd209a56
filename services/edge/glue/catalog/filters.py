"""A filter of partitions as SQL over the store's value columns, typed by the partition keys."""

from __future__ import annotations

from typing import NamedTuple

from services.edge.glue.catalog import conditions as c
from services.edge.glue.catalog.key_types import TEXTS, MisfitError, filterable, sortable
from services.edge.glue.catalog.store import COLUMNS
from services.edge.glue.errors import invalid_input

EVERYTHING, NOTHING = "1", "0"
# Named in the refusal of LIKE; the other types that it is refused for are called integral.
NAMED = ("date", "decimal", "timestamp")


class Filter(NamedTuple):
    """`positions` are those of the keys whose values are compared."""

    sql: str
    parameters: tuple[str, ...] = ()
    positions: frozenset[int] = frozenset()


class Key(NamedTuple):
    position: int
    kind: str

    @property
    def column(self) -> str:
        if self.position < COLUMNS:
            return f"v{self.position}"
        return f"json_extract(sorts, '$[{self.position - COLUMNS}]')"


def filtered(condition: c.Condition, keys: list[dict[str, str]]) -> Filter:
    """Raises InvalidInputException for unknown keys, types, and values that are not of the type."""
    if isinstance(condition, c.Not):
        inner = filtered(condition.condition, keys)
        return Filter(f"NOT ({inner.sql})", inner.parameters, inner.positions)
    if isinstance(condition, c.And):
        return _joined(" AND ", condition.conditions, keys)
    if isinstance(condition, c.Or):
        return _joined(" OR ", condition.conditions, keys)
    key = _key(condition.key, keys)
    if isinstance(condition, c.IsNull):
        return Filter(NOTHING)  # a partition has a value, if only the text "null", for each key
    return _single(condition, key)


def _single(condition: c.Comparison | c.Between | c.In | c.Like, key: Key) -> Filter:
    at = frozenset({key.position})
    if isinstance(condition, c.Comparison):
        return Filter(f"{key.column} {condition.operator} ?", (_form(key, condition.literal),), at)
    if isinstance(condition, c.Between):
        bounds = (_form(key, condition.low), _form(key, condition.high))
        return Filter(f"{key.column} BETWEEN ? AND ?", bounds, at)
    if isinstance(condition, c.In):
        forms = tuple(_form(key, literal) for literal in condition.literals)
        return Filter(f"{key.column} IN ({', '.join('?' * len(forms))})", forms, at)
    if key.kind not in TEXTS:
        name = key.kind.capitalize() if key.kind in NAMED else "Integral"
        raise invalid_input(f"{name} data type doesn't support operation 'LIKE'")
    return Filter(f"{key.column} LIKE ?", (condition.pattern,), at)


def _joined(word: str, conditions: tuple[c.Condition, ...], keys: list[dict[str, str]]) -> Filter:
    parts = [filtered(condition, keys) for condition in conditions]
    return Filter(
        word.join(f"({part.sql})" for part in parts),
        tuple(parameter for part in parts for parameter in part.parameters),
        frozenset().union(*(part.positions for part in parts)),
    )


def _key(name: str, keys: list[dict[str, str]]) -> Key:
    for position, key in enumerate(keys):
        if key["Name"].lower() == name.lower():
            return Key(position, filterable(key.get("Type", "string")))
    raise invalid_input("Invalid partition expression!")


def _form(key: Key, literal: str) -> str:
    try:
        return sortable(key.kind, literal)
    except MisfitError as misfit:
        raise invalid_input(str(misfit)) from misfit
