"""+ - * / %: the rule for the types of both sides, Trino's result type, DuckDB's way to it."""

from __future__ import annotations

from collections.abc import Callable

from services.edge.athena.sql.errors import Position, QueryError
from services.edge.athena.sql.trino import time_arithmetic as times
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced
from services.edge.athena.sql.trino.operators import refused
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type

Rule = Callable[[str, Typed, Typed, Position | None], Typed]


def arithmetic(sign: str, left: Typed, right: Typed, place: Position | None) -> Typed:
    if t.UNKNOWN in (left.type, right.type):
        left, right = _known(left, right), _known(right, left)
    for signs, is_left, is_right, rule in _RULES:
        if sign in signs and is_left(left.type) and is_right(right.type):
            return rule(sign, left, right, place)
    raise refused(sign, left.type, right.type, place)


def negated(value: Typed, place: Position | None) -> Typed:
    if not t.is_numeric(value.type) and not times.is_interval(value.type):
        raise QueryError("TYPE_MISMATCH", f"Cannot negate {value.type}", place)
    return Typed(f"(-{value.sql})", value.type)


def _known(value: Typed, other: Typed) -> Typed:
    if value.type != t.UNKNOWN:
        return value
    kind = other.type if other.type != t.UNKNOWN else t.INTEGER
    return coerced(value, kind)


def _numbers(sign: str, left: Typed, right: Typed, _: Position | None) -> Typed:
    kind = t.common(left.type, right.type)
    assert kind is not None
    if kind.name == "decimal":
        return _decimals(sign, left, right)
    template = _TEMPLATES.get((sign, kind.name in t.FLOATS), "({left} {sign} {right})")
    sql = template.format(left=coerced(left, kind).sql, sign=sign, right=coerced(right, kind).sql)
    return Typed(f"CAST({sql} AS {t.duckdb(kind)})", kind)


# By the sign, and whether the numbers are floating: where DuckDB's own operator is another one.
_TEMPLATES = {
    ("/", False): "({left} // {right})",
    ("/", True): "trino_divide({left}, {right})",
    ("%", True): "trino_remainder({left}, {right})",
}


def _decimals(sign: str, left: Typed, right: Typed) -> Typed:
    (p1, s1), (p2, s2) = t.digits(left.type), t.digits(right.type)
    kind = t.decimal(*_DIGITS[sign](p1, s1, p2, s2))
    written = t.duckdb(kind)
    if sign == "/":
        return Typed(f"{_quotient(left, right, kind)}::{written}", kind)
    # The operands of % may be wider than what is left.
    common = {"*": None, "%": f"DECIMAL(38,{kind.args[1]})"}.get(sign, written)
    sides = [f"CAST({left.sql} AS DECIMAL({p1},{s1}))", f"CAST({right.sql} AS DECIMAL({p2},{s2}))"]
    if common is not None:
        sides = [f"CAST({side} AS {common})" for side in sides]
    result = f"trino_decimal_rest({', '.join(sides)})" if sign == "%" else f" {sign} ".join(sides)
    return Typed(f"CAST(({result}) AS {written})", kind)


def _sum(p1: int, s1: int, p2: int, s2: int) -> tuple[int, int]:
    return max(p1 - s1, p2 - s2) + max(s1, s2) + 1, max(s1, s2)


# https://trino.io/docs/current/functions/decimal.html, section on result types: the precision and
# scale of the result by those of both sides.
_DIGITS: dict[str, Callable[[int, int, int, int], tuple[int, int]]] = {
    "+": _sum,
    "-": _sum,
    "*": lambda p1, s1, p2, s2: (p1 + p2, s1 + s2),
    "/": lambda p1, s1, _, s2: (p1 + s2 + max(0, s2 - s1), max(s1, s2)),
    "%": lambda p1, s1, p2, s2: (min(p1 - s1, p2 - s2) + max(s1, s2), max(s1, s2)),
}


def _quotient(left: Typed, right: Typed, kind: Type) -> str:
    """Exact, by whole numbers: the numerator is scaled up and the last digit rounded half up."""
    (_, s1), (_, s2) = t.digits(left.type), t.digits(right.type)
    scale = kind.args[1]
    top = f"trino_unscaled({left.sql}, {s1}) * {10 ** (scale - s1 + s2)}::HUGEINT"
    below = f"trino_unscaled({right.sql}, {s2})"
    return f"trino_scaled(trino_divide_half_up({top}, {below}), {scale})"


def _any(_: Type) -> bool:
    return True


# The first row that fits: signs, the types of both sides, and the rule.
_RULES: tuple[tuple[str, Callable[[Type], bool], Callable[[Type], bool], Rule], ...] = (
    ("+-*/%", t.is_numeric, t.is_numeric, _numbers),
    ("+-", _any, times.is_interval, times.shifted),
    ("+", times.is_interval, _any, lambda sign, a, b, place: times.shifted(sign, b, a, place)),
    ("-", times.is_date, times.is_date, times.elapsed),
    ("-", times.is_clock, times.is_clock, times.elapsed),
    ("*/", times.is_interval, _any, times.scaled),
    ("*/", _any, times.is_interval, times.scaled),
)
