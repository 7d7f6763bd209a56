"""Comparison and concatenation, and how operands come to one type."""

from __future__ import annotations

from services.edge.athena.sql.errors import Position, QueryError, not_supported
from services.edge.athena.sql.trino import equality
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type


def refused(sign: str, left: Type, right: Type, place: Position | None) -> QueryError:
    return QueryError("TYPE_MISMATCH", f"Cannot apply operator: {left} {sign} {right}", place)


def compared(sign: str, left: Typed, right: Typed, place: Position | None) -> Typed:
    left, right = met(sign, left, right, place)
    return Typed(equality.written(sign, left, right), t.BOOLEAN)


def met(sign: str, left: Typed, right: Typed, place: Position | None) -> tuple[Typed, Typed]:
    """Both as their common type; Trino compares no text with a number or a date."""
    kind = t.common(left.type, right.type)
    unordered = kind is not None and kind.name in (t.JSON.name, "map")
    if kind is None or (unordered and sign in ("<", "<=", ">", ">=")):
        shown = "IS DISTINCT FROM" if "DISTINCT" in sign else sign
        raise refused(shown, left.type, right.type, place)
    return coerced(left, kind, place), coerced(right, kind, place)


def unified(values: list[Typed], what: str, place: Position | None) -> list[Typed]:
    """All as one type, as the branches of CASE and the elements of ARRAY are."""
    kind = t.UNKNOWN
    for value in values:
        found = t.common(kind, value.type)
        if found is None:
            raise QueryError(
                "TYPE_MISMATCH", f"{what} must be of the same type: {kind}, {value.type}", place
            )
        kind = found
    one_zone(values, place)
    return [coerced(value, kind, place) for value in values]


def one_zone(values: list[Typed], place: Position | None) -> None:
    """DuckDB keeps no zones: values of several in one column could not be shown as they are."""
    zones = {value.type.zone for value in values if value.type.name == t.TZ}
    if len(zones) > 1:
        raise not_supported(f"One column of the time zones {', '.join(sorted(zones))}", place)


def concatenated(left: Typed, right: Typed, place: Position | None) -> Typed:
    kinds = left.type.name, right.type.name
    if "array" in kinds:
        return _concatenated_arrays(left, right, place)
    if all(t.is_text(side.type) or side.type == t.UNKNOWN for side in (left, right)):
        return _concatenated_texts(left, right, place)
    if kinds == ("varbinary", "varbinary"):
        return Typed(f"({left.sql} || {right.sql})", t.VARBINARY)
    raise refused("||", left.type, right.type, place)


def _concatenated_texts(left: Typed, right: Typed, place: Position | None) -> Typed:
    kind = t.VARCHAR
    sizes = [side.type.args for side in (left, right)]
    if "char" in (left.type.name, right.type.name) and all(sizes):
        kind = Type("char", (sum(size[0] for size in sizes),))
    left, right = (coerced(side, t.VARCHAR, place) for side in (left, right))
    return Typed(f"({left.sql} || {right.sql})", kind)


def _concatenated_arrays(left: Typed, right: Typed, place: Position | None) -> Typed:
    if t.UNKNOWN in (left.type, right.type):
        raise not_supported("|| of an array and NULL", place)
    lists = [side if side.type.name == "array" else _listed(side) for side in (left, right)]
    if all(side.type.name == "array" for side in (left, right)) and not t.common(
        left.type, right.type
    ):  # an array as an element of the other
        if t.common(left.type.of[0], right.type) == left.type.of[0]:
            lists = [left, _listed(right)]
        elif t.common(right.type.of[0], left.type) == right.type.of[0]:
            lists = [_listed(left), right]
    if left.type == t.array(t.UNKNOWN) and right.type.name == "array":
        raise QueryError(
            "AMBIGUOUS_FUNCTION_CALL",
            "Could not choose a best candidate operator. Explicit type casts must be added.",
            place,
        )
    first, second = met("||", lists[0], lists[1], place)
    return Typed(f"({first.sql} || {second.sql})", first.type)


def _listed(value: Typed) -> Typed:
    return Typed(f"[{value.sql}]", t.array(value.type))
