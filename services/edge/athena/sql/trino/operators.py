"""Arithmetic, comparison and concatenation: Trino's result types over DuckDB's operators."""

from __future__ import annotations

from dataclasses import replace

from services.edge.athena.sql.errors import QueryError, not_supported
from services.edge.athena.sql.trino import equality
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.syntax import Position
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import instant, local

_INTERVALS = (t.DAY_TO_SECOND, t.YEAR_TO_MONTH)
_MOMENTS = ("date", "timestamp", t.TZ)


def refused(sign: str, left: Type, right: Type, place: Position | None) -> QueryError:
    return QueryError("TYPE_MISMATCH", f"Cannot apply operator: {left} {sign} {right}", place)


def arithmetic(sign: str, left: Typed, right: Typed, place: Position | None) -> Typed:
    if t.UNKNOWN in (left.type, right.type):
        left, right = _known(left, right), _known(right, left)
    if t.is_numeric(left.type) and t.is_numeric(right.type):
        return _numbers(sign, left, right)
    if sign in "+-" and right.type in _INTERVALS:
        return _shifted(sign, left, right, place)
    if sign == "+" and left.type in _INTERVALS:
        return _shifted(sign, right, left, place)
    if sign == "-" and left.type.name in _MOMENTS and right.type.name in _MOMENTS:
        left, right = met(sign, left, right, place)
        return _elapsed(left, right)
    if sign == "-" and left.type.name == right.type.name == "time":
        ends = (f"(DATE '1970-01-01' + {one.sql})" for one in (left, right))
        return Typed(f"({' - '.join(ends)})", t.DAY_TO_SECOND)
    if sign in "*/" and (left.type in _INTERVALS or right.type in _INTERVALS):
        return _scaled(sign, left, right, place)
    raise refused(sign, left.type, right.type, place)


def negated(value: Typed, place: Position | None) -> Typed:
    if not t.is_numeric(value.type) and value.type not in _INTERVALS:
        raise QueryError("TYPE_MISMATCH", f"Cannot negate {value.type}", place)
    return Typed(f"(-{value.sql})", value.type)


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
    lists = [one if one.type.name == "array" else _listed(one) for one in (left, right)]
    if all(one.type.name == "array" for one in (left, right)) and not t.common(
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


def _known(value: Typed, other: Typed) -> Typed:
    if value.type != t.UNKNOWN:
        return value
    kind = other.type if other.type != t.UNKNOWN else t.INTEGER
    return coerced(value, kind)


def _numbers(sign: str, left: Typed, right: Typed) -> Typed:
    kind = t.common(left.type, right.type)
    assert kind is not None
    if kind.name == "decimal":
        return _decimals(sign, left, right)
    left, right = coerced(left, kind), coerced(right, kind)
    if sign == "/":
        if kind.name in t.INTEGERS:
            return Typed(f"({left.sql} // {right.sql})", kind)
        quotient = f"trino_divide({left.sql}, {right.sql})"
        return Typed(f"CAST({quotient} AS {t.duckdb(kind)})", kind)
    if sign == "%" and kind.name in t.FLOATS:
        remainder = f"trino_remainder({left.sql}, {right.sql})"
        return Typed(f"CAST({remainder} AS {t.duckdb(kind)})", kind)
    return Typed(f"CAST(({left.sql} {sign} {right.sql}) AS {t.duckdb(kind)})", kind)


def _decimals(sign: str, left: Typed, right: Typed) -> Typed:
    """https://trino.io/docs/current/functions/decimal.html, section on result types"""
    (p1, s1), (p2, s2) = t.digits(left.type), t.digits(right.type)
    kind = {
        "+": t.decimal(max(p1 - s1, p2 - s2) + max(s1, s2) + 1, max(s1, s2)),
        "-": t.decimal(max(p1 - s1, p2 - s2) + max(s1, s2) + 1, max(s1, s2)),
        "*": t.decimal(p1 + p2, s1 + s2),
        "/": t.decimal(p1 + s2 + max(0, s2 - s1), max(s1, s2)),
        "%": t.decimal(min(p1 - s1, p2 - s2) + max(s1, s2), max(s1, s2)),
    }[sign]
    if sign == "/":
        return Typed(_quotient(left, right, kind), kind)
    exact = [
        Typed(f"CAST({side.sql} AS DECIMAL({p},{s}))", t.decimal(p, s)).sql
        for side, (p, s) in ((left, (p1, s1)), (right, (p2, s2)))
    ]
    if sign == "%":  # the operands may be wider than what is left
        wide = f"DECIMAL(38,{kind.args[1]})"
        exact = [f"CAST({one} AS {wide})" for one in exact]
        remainder = f"trino_decimal_rest({', '.join(exact)})"
        return Typed(f"CAST({remainder} AS {t.duckdb(kind)})", kind)
    if sign in "+-":
        exact = [f"CAST({one} AS {t.duckdb(kind)})" for one in exact]
    return Typed(f"CAST(({exact[0]} {sign} {exact[1]}) AS {t.duckdb(kind)})", kind)


def _quotient(left: Typed, right: Typed, kind: Type) -> str:
    """Exact, by whole numbers: the numerator is scaled up and the last digit rounded half up."""
    (_, s1), (_, s2) = t.digits(left.type), t.digits(right.type)
    scale = kind.args[1]
    top = f"trino_unscaled({left.sql}, {s1}) * {10 ** (scale - s1 + s2)}::HUGEINT"
    below = f"trino_unscaled({right.sql}, {s2})"
    return f"trino_scaled(trino_divide_half_up({top}, {below}), {scale})::{t.duckdb(kind)}"


def _shifted(sign: str, moment: Typed, interval: Typed, place: Position | None) -> Typed:
    kind = moment.type
    if kind in _INTERVALS and kind == interval.type:
        return Typed(f"({moment.sql} {sign} {interval.sql})", kind)
    if kind.name == "time" and interval.type == t.DAY_TO_SECOND:  # around midnight
        kind = replace(kind, args=(max(3, kind.args[0]),))
        return Typed(f"({moment.sql} {sign} {interval.sql})", kind)
    if kind.name not in _MOMENTS:
        raise refused(sign, kind, interval.type, place)
    if kind == t.DATE:
        days = f"trino_whole_days({interval.sql})" if interval.type == t.DAY_TO_SECOND else ""
        return Typed(f"CAST(({moment.sql} {sign} {days or interval.sql}) AS DATE)", kind)
    if interval.type == t.DAY_TO_SECOND:  # it has milliseconds, so has the sum
        kind = replace(kind, args=(max(3, kind.args[0]),))
    if kind.name == "timestamp":
        return Typed(f"({moment.sql} {sign} {interval.sql})", kind)
    if interval.type == t.DAY_TO_SECOND:  # of so many seconds, whatever the clocks do
        shifted = f"(timezone('UTC', {moment.sql}) {sign} {interval.sql})"
        return Typed(f"timezone('UTC', {shifted})", kind)
    return Typed(instant(f"({local(moment)} {sign} {interval.sql})", kind.zone), kind)


def _scaled(sign: str, left: Typed, right: Typed, place: Position | None) -> Typed:
    """An interval times or through a number."""
    interval, number = (left, right) if left.type in _INTERVALS else (right, left)
    kind = interval.type
    allowed = (t.INTEGER, t.BIGINT, *([t.DOUBLE] if number.type == t.DOUBLE else []))
    if number.type not in allowed or (sign == "/" and number is left):
        raise refused(sign, left.type, right.type, place)
    unit = "milliseconds" if kind == t.DAY_TO_SECOND else "months"
    maker = "to_milliseconds" if kind == t.DAY_TO_SECOND else "to_months"
    whole = f"trino_interval_{unit}({interval.sql})"
    if sign == "/" and number.type != t.DOUBLE:
        return Typed(f"{maker}(CAST(({whole} // {number.sql}) AS {_UNIT[unit]}))", kind)
    result = f"({whole} {sign} {number.sql})"
    return Typed(f"{maker}(CAST(trunc({result}) AS {_UNIT[unit]}))", kind)


_UNIT = {"milliseconds": "BIGINT", "months": "INTEGER"}


def _elapsed(left: Typed, right: Typed) -> Typed:
    if left.type == t.DATE:
        return Typed(f"to_days(CAST({left.sql} - {right.sql} AS INTEGER))", t.DAY_TO_SECOND)
    return Typed(f"({left.sql} - {right.sql})", t.DAY_TO_SECOND)
