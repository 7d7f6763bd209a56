"""Second pass of a call, type: what an overload gives for its arguments."""

from __future__ import annotations

from collections.abc import Callable

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.binding import TIMES, Binding
from services.edge.athena.sql.trino.overloads import Overload
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import duckdb_zone

Arguments = list[Typed]


def result_type(overload: Overload, binding: Binding, arguments: Arguments) -> Type:
    if rule := _RULES.get(overload.result):
        return rule(arguments)
    if "zone" in overload.parameters:
        zone = duckdb_zone(arguments[overload.parameters.index("zone")].literal or t.UTC)
        times = _times(arguments)
        return Type(t.TZ, times[0].type.args if times else (3,), zone=zone)
    return binding.resolved(overload.result)


def _times(arguments: Arguments) -> Arguments:
    names = (*TIMES["moment"], *TIMES["clock"])
    return [argument for argument in arguments if argument.type.name in names]


def _same(arguments: Arguments) -> Type:
    """The type of the first date or timestamp, where there is one, or of the first argument."""
    found = (_times(arguments) or arguments)[0].type
    return t.TINYINT if found == t.UNKNOWN else found


def _text(arguments: Arguments) -> Type:
    return arguments[0].type if arguments[0].type.name == "varchar" else t.VARCHAR


def _decimal(digits: Callable[[int, int], tuple[int, int]]) -> Callable[[Arguments], Type]:
    """By the precision and scale of the first argument."""
    return lambda arguments: t.decimal(*digits(*arguments[0].type.args))


# The results of the tables that are more than the name of a type.
_RULES: dict[str, Callable[[Arguments], Type]] = {
    "same": _same,
    "array(same)": lambda arguments: t.array(arguments[0].type),
    "text": _text,
    "same text": lambda arguments: arguments[0].type if t.is_text(arguments[0].type) else t.VARCHAR,
    "joined": lambda arguments: Type("char", (sum(one.type.args[0] for one in arguments),)),
    "whole": _decimal(lambda precision, scale: (precision - scale + min(scale, 1), 0)),
    "integral": _decimal(lambda precision, scale: (max(1, precision - scale), 0)),
    "wider": _decimal(lambda precision, scale: (precision + 1, scale)),
    "decimal(38,same)": _decimal(lambda _, scale: (38, scale)),
}
