"""date_trunc, date_add and date_diff, whose first argument names a unit."""

from __future__ import annotations

from services.edge.athena.sql import types as t
from services.edge.athena.sql.casts import local
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.syntax import Position
from services.edge.athena.sql.typed import Typed, text
from services.edge.athena.sql.types import Type

_DATE_UNITS = ("day", "week", "month", "quarter", "year")
_UNITS = ("millisecond", "second", "minute", "hour", *_DATE_UNITS)
_MAKERS = {
    "millisecond": "to_milliseconds({})",
    "quarter": "to_months(CAST(3 * {} AS INTEGER))",
    "week": "to_days(CAST(7 * {} AS INTEGER))",
    **{unit: f"to_{unit}s(CAST({{}} AS INTEGER))" for unit in ("day", "month", "year")},
    **{unit: f"to_{unit}s({{}})" for unit in ("second", "minute", "hour")},
}


def truncated(unit: Typed, moment: Typed, place: Position | None) -> str:
    name = _unit(unit, moment.type, place)
    return _back(f"date_trunc({text(name)}, {local(moment)})", moment.type)


def added(unit: Typed, number: Typed, moment: Typed, place: Position | None) -> str:
    name = _unit(unit, moment.type, place)
    interval = _MAKERS[name].format(number.sql)
    return _back(f"({local(moment)} + {interval})", moment.type)


def difference(unit: Typed, start: Typed, end: Typed, place: Position | None) -> str:
    """Whole units that have passed, not boundaries that were crossed."""
    kind = t.common(start.type, end.type) or start.type
    name = _unit(unit, kind, place)
    return f"date_sub({text(name)}, {_clock(start)}, {_clock(end)})"


def _clock(moment: Typed) -> str:
    return f"CAST({local(moment)} AS TIMESTAMP)"


def _unit(unit: Typed, kind: Type, place: Position | None) -> str:
    name = (unit.literal or "").lower()
    if name not in (_DATE_UNITS if kind == t.DATE else _UNITS):
        of = "DATE" if kind == t.DATE else "timestamp"
        raise QueryError("INVALID_FUNCTION_ARGUMENT", f"'{name}' is not a valid {of} field", place)
    return name


def _back(clock: str, kind: Type) -> str:
    if kind == t.DATE:
        return f"CAST({clock} AS DATE)"
    return f"timezone({text(kind.zone)}, {clock})" if kind.name == t.TZ else clock
