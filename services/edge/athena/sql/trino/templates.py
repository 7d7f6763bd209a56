"""Third pass of a call, generate: the template of its overload with the arguments in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.edge.athena.sql.duckdb import formats
from services.edge.athena.sql.errors import Position
from services.edge.athena.sql.trino import date_arithmetic as dates
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.binding import Binding
from services.edge.athena.sql.trino.casts import cast
from services.edge.athena.sql.trino.overloads import Overload
from services.edge.athena.sql.trino.typed_sql import Typed, text
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import local


@dataclass(frozen=True)
class Modifiers:
    """What stands around a call of an aggregate or a window function."""

    distinct: str = ""
    order: str = ""
    after: str = ""  # FILTER and OVER
    nulls: str = ""
    is_window: bool = False


@dataclass(frozen=True)
class TypedCall:
    """A call that is bound and typed."""

    overload: Overload
    binding: Binding
    arguments: list[Typed]
    type: Type
    modifiers: Modifiers
    place: Position | None


def written(call: TypedCall) -> Typed:
    arguments = [_argument(call, index) for index in range(len(call.arguments))]

    def part(match: re.Match[str]) -> str:
        word = match[1]
        return arguments[int(word)] if word.isdecimal() else _PARTS[word](call, arguments)

    return Typed(re.sub(r"\{([^{}]+)\}", part, call.overload.template), call.type)


def _argument(call: TypedCall, index: int) -> str:
    """DuckDB's SQL for an argument, in the type of its parameter."""
    value, parameter = call.arguments[index], call.overload.parameter(index)
    if parameter == "zone":
        dates.check_zone(value, call.place)
    if notation := _NOTATIONS.get(parameter):
        return text(notation(value.literal or "", call.place))
    if call.overload.result == "same":
        return value.sql
    return call.binding.argument(parameter, value).sql


_NOTATIONS: dict[str, Callable[[str, Position | None], str]] = {
    "mysql": formats.mysql,
    "joda": formats.joda,
    "path": formats.json_path,
}
_BITS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}


def _mean(call: TypedCall, arguments: list[str]) -> str:
    """A decimal's mean keeps its scale, rounded half up."""
    value = f"({call.modifiers.distinct}{arguments[0]}){call.modifiers.after}"
    quotient = f"trino_divide_half_up(trino_unscaled(sum{value}, 0), nullif(count{value}, 0))"
    return f"CAST(trino_scaled({quotient}, {call.type.args[1]}) AS {t.duckdb(call.type)})"


# What stands in braces in a template, besides the numbers of arguments.
_PARTS: dict[str, Callable[[TypedCall, list[str]], str]] = {
    "d": lambda call, _: call.modifiers.distinct,
    "o": lambda call, _: call.modifiers.order,
    "w": lambda call, _: call.modifiers.after,
    "n": lambda call, _: call.modifiers.nulls,
    "type": lambda call, _: t.duckdb(call.type),
    "*||": lambda _, arguments: " || ".join(arguments),
    "*,null": lambda _, arguments: " OR ".join(f"{one} IS NULL" for one in arguments),
    "*,": lambda _, arguments: ", ".join(arguments),
    "local0": lambda call, _: local(call.arguments[0]),
    "bits": lambda call, _: str(_BITS[call.arguments[0].type.name]),
    "offset": lambda call, _: dates.offset(call.arguments[0]),
    "iso": lambda call, _: dates.iso(call.arguments[0]),
    "there": lambda call, _: dates.there(call.arguments, call.place),
    "minutes": lambda call, _: dates.minutes(call.arguments[0]),
    "zone": lambda call, _: text(call.arguments[0].type.zone),
    "truncs": lambda call, _: dates.by_unit(dates.truncated, call.arguments, call.place),
    "diffs": lambda call, _: dates.by_unit(dates.difference, call.arguments, call.place),
    "trunc": lambda call, _: dates.truncated(call.arguments, call.place),
    "add": lambda call, _: dates.added(call.arguments, call.place),
    "diff": lambda call, _: dates.difference(call.arguments, call.place),
    "texts": lambda call, _: cast(call.arguments[0], t.array(t.VARCHAR), call.place).sql,
    "mean": _mean,
}
