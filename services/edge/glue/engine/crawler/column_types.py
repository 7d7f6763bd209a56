"""Types of sampled values, how two become one, and their names in Hive."""

from __future__ import annotations

from functools import reduce
from typing import Any

# A Hive type's name, a struct's fields, or the element in a list of one; None is only null so far.
ColumnType = str | dict[str, Any] | list[Any] | None

INT_RANGE = range(-(2**31), 2**31)
BIGINT_RANGE = range(-(2**63), 2**63)
NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double")


def type_of(value: Any) -> ColumnType:
    """The type of a JSON value."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if value in INT_RANGE else "bigint" if value in BIGINT_RANGE else "double"
    if isinstance(value, float):
        return "double"
    if isinstance(value, list):
        return [reduce(merged, map(type_of, value), None)]
    if isinstance(value, dict):
        return {name: type_of(inner) for name, inner in value.items()}
    return "string"


def merged(one: ColumnType, other: ColumnType) -> ColumnType:
    """The type that holds values of both; string where nothing narrower does."""
    if one is None or one == other:
        return other
    if other is None:
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        return merged_fields(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    if isinstance(one, str) and isinstance(other, str) and {one, other} <= set(NUMBERS):
        return max(one, other, key=NUMBERS.index)
    return "string"


def merged_fields(
    one: dict[str, ColumnType], other: dict[str, ColumnType]
) -> dict[str, ColumnType]:
    """The fields of both, in the order of their first appearance."""
    return {name: merged(one.get(name), other.get(name)) for name in {**one, **other}}


def hive_name(kind: ColumnType) -> str:
    """The Hive type; what was always null or empty is told as string."""
    if isinstance(kind, list):
        return f"array<{hive_name(kind[0])}>"
    if isinstance(kind, dict) and kind:
        return f"struct<{','.join(f'{name}:{hive_name(inner)}' for name, inner in kind.items())}>"
    return kind if isinstance(kind, str) else "string"
