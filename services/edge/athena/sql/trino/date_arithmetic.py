"""date_trunc, date_add and date_diff, whose first argument names a unit."""

from __future__ import annotations

from collections.abc import Callable

from services.edge.athena.sql.errors import Position, QueryError
from services.edge.athena.sql.trino import clock_texts
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import cast, rounded
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import duckdb_zone, instant, is_zone, local

Arguments = list[Typed]
_DATE_UNITS = ("day", "week", "month", "quarter", "year")
_UNITS = ("millisecond", "second", "minute", "hour", *_DATE_UNITS)
_MAKERS = {
    "millisecond": "to_milliseconds({})",
    "quarter": "to_months(CAST(3 * {} AS INTEGER))",
    "week": "to_days(CAST(7 * {} AS INTEGER))",
    **{unit: f"to_{unit}s(CAST({{}} AS INTEGER))" for unit in ("day", "month", "year")},
    **{unit: f"to_{unit}s({{}})" for unit in ("second", "minute", "hour")},
}


_CLOCK_UNITS = ("millisecond", "second", "minute", "hour")


def by_unit(
    rule: Callable[[Arguments, Position | None], str], arguments: Arguments, place: Position | None
) -> str:
    """Where the unit is no literal: each row has its own."""
    unit, *others = arguments
    units = _DATE_UNITS if others[-1].type == t.DATE else _UNITS
    cases = " ".join(
        f"WHEN {text(name)} THEN {rule([Typed('', t.VARCHAR, name), *others], place)}"
        for name in units
    )
    wrong = f"'INVALID_FUNCTION_ARGUMENT: ' || {unit.sql} || ' is not a valid field'"
    return f"CASE lower({unit.sql}) {cases} ELSE fail({wrong}) END"


def truncated(arguments: Arguments, place: Position | None) -> str:
    unit, moment = arguments
    name = _unit(unit, moment.type, place)
    return _back(f"date_trunc({text(name)}, {_dated(moment)})", moment.type)


def added(arguments: Arguments, place: Position | None) -> str:
    unit, number, moment = arguments
    name = _unit(unit, moment.type, place)
    interval = _MAKERS[name].format(number.sql)
    if moment.type.name == t.TZ and name not in _DATE_UNITS:  # so many seconds later, by any clock
        return f"timezone('UTC', timezone('UTC', {moment.sql}) + {interval})"
    shifted = _back(f"({local(moment)} + {interval})", moment.type)
    coarse = name == "millisecond" and moment.type.args and moment.type.args[0] < 3
    return rounded(shifted, moment.type.args[0]) if coarse else shifted


def difference(arguments: Arguments, place: Position | None) -> str:
    """Whole units that have passed, not boundaries that were crossed."""
    unit, start, end = arguments
    kind = t.common(start.type, end.type) or start.type
    name = _unit(unit, kind, place)
    if kind.name == t.TZ and name not in _DATE_UNITS:
        ends = (f"timezone('UTC', {cast(time, kind).sql})" for time in (start, end))
        return f"date_sub({text(name)}, {', '.join(ends)})"
    return f"date_sub({text(name)}, {_clock(start)}, {_clock(end)})"


def _clock(moment: Typed) -> str:
    return f"CAST({_dated(moment)} AS TIMESTAMP)"


def _dated(moment: Typed) -> str:
    """A time is of 1970-01-01."""
    clock = local(moment)
    return f"(DATE '1970-01-01' + {clock})" if moment.type.name == "time" else clock


def _unit(unit: Typed, kind: Type, place: Position | None) -> str:
    name = (unit.literal or "").lower()
    of = {"date": "DATE", "time": "Time"}.get(kind.name, "timestamp")
    if name not in {"DATE": _DATE_UNITS, "Time": _CLOCK_UNITS}.get(of, _UNITS):
        raise QueryError("INVALID_FUNCTION_ARGUMENT", f"'{name}' is not a valid {of} field", place)
    return name


def _back(clock: str, kind: Type) -> str:
    if kind.name in ("date", "time"):
        return f"CAST({clock} AS {kind.name.upper()})"
    return instant(clock, kind.zone) if kind.name == t.TZ else clock


def check_zone(zone: Typed, place: Position | None) -> None:
    if not is_zone(zone.literal or ""):
        raise QueryError(
            "INVALID_FUNCTION_ARGUMENT", f"'{zone.literal}' is not a valid time zone", place
        )


def there(arguments: Arguments, place: Position | None) -> str:
    """The instant at which the clocks of a zone show a time."""
    clock, zone = arguments
    check_zone(zone, place)
    return instant(clock.sql, duckdb_zone(zone.literal or ""))


def offset(moment: Typed) -> str:
    """Minutes from UTC."""
    return f"date_sub('minute', timezone('UTC', {moment.sql}), {local(moment)})"


def minutes(moment: Typed) -> str:
    """From UTC, for any date or timestamp."""
    if moment.type.name != t.TZ:
        return f"CASE WHEN {moment.sql} IS NOT NULL THEN 0 END"
    return offset(moment)


def iso(moment: Typed) -> str:
    """With as many digits as the type has, and the offset where there is one."""
    written = clock_texts.shown(moment, "T")
    if moment.type.name != t.TZ:
        return written
    return f"({written} || trino_offset({offset(moment)}))"
