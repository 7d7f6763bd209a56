"""Arithmetic of dates, times and intervals."""

from __future__ import annotations

from dataclasses import replace

from services.edge.athena.sql.errors import Position
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.operators import met, refused
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import instant, local


def is_interval(kind: Type) -> bool:
    return kind in (t.DAY_TO_SECOND, t.YEAR_TO_MONTH)


def is_date(kind: Type) -> bool:
    return kind.name in ("date", "timestamp", t.TZ)


def is_clock(kind: Type) -> bool:
    return kind.name == "time"


def shifted(sign: str, time: Typed, interval: Typed, place: Position | None) -> Typed:
    kind = time.type
    if is_interval(kind) and kind == interval.type:
        return Typed(f"({time.sql} {sign} {interval.sql})", kind)
    if kind.name == "time" and interval.type == t.DAY_TO_SECOND:  # around midnight
        kind = replace(kind, args=(max(3, kind.args[0]),))
        return Typed(f"({time.sql} {sign} {interval.sql})", kind)
    if not is_date(kind):
        raise refused(sign, kind, interval.type, place)
    if kind == t.DATE:
        days = f"trino_whole_days({interval.sql})" if interval.type == t.DAY_TO_SECOND else ""
        return Typed(f"CAST(({time.sql} {sign} {days or interval.sql}) AS DATE)", kind)
    if interval.type == t.DAY_TO_SECOND:  # it has milliseconds, so has the sum
        kind = replace(kind, args=(max(3, kind.args[0]),))
    if kind.name == "timestamp":
        return Typed(f"({time.sql} {sign} {interval.sql})", kind)
    if interval.type == t.DAY_TO_SECOND:  # of so many seconds, whatever the clocks do
        shifted = f"(timezone('UTC', {time.sql}) {sign} {interval.sql})"
        return Typed(f"timezone('UTC', {shifted})", kind)
    return Typed(instant(f"({local(time)} {sign} {interval.sql})", kind.zone), kind)


def scaled(sign: str, left: Typed, right: Typed, place: Position | None) -> Typed:
    """An interval times or through a number."""
    interval, number = (left, right) if is_interval(left.type) else (right, left)
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


_UNIT = {"milliseconds": "BIGINT", "months": "INTEGER"}


def elapsed(sign: str, left: Typed, right: Typed, place: Position | None) -> Typed:
    left, right = met(sign, left, right, place)
    if left.type == t.DATE:
        return Typed(f"to_days(CAST({left.sql} - {right.sql} AS INTEGER))", t.DAY_TO_SECOND)
    if is_clock(left.type):
        ends = (f"(DATE '1970-01-01' + {side.sql})" for side in (left, right))
        return Typed(f"({' - '.join(ends)})", t.DAY_TO_SECOND)
    return Typed(f"({left.sql} - {right.sql})", t.DAY_TO_SECOND)
