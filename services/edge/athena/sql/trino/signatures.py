"""Which overload of a function the arguments choose, and what comes out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced, coercible
from services.edge.athena.sql.trino.functions import aggregates, containers, numbers, texts, times
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type
from services.edge.athena.sql.trino.zones import duckdb_zone

_LINE = re.compile(r"(\w+)\((.*?)\) -> ([^=]+?) = (.+)")
_VARIABLES = ("T", "U", "K", "V", "O")  # O is an orderable type
# Parameters that are more, or less, than one type.
_MOMENTS = {
    **{"moment": ("date", "timestamp", t.TZ), "timestamp": ("timestamp", t.TZ, "date")},
    **{"plain": ("timestamp",), "zoned": (t.TZ,), "clock": ("time",)},
}
WORDS = ("literal", "unit", "mysql", "joda", "path", "zone")
_CONTAINERS = ("array", "map", "row")


@dataclass(frozen=True)
class Overload:
    name: str
    parameters: tuple[str, ...]
    result: str
    template: str
    repeats: bool

    def fits(self, count: int) -> bool:
        least = len(self.parameters)
        return count >= least if self.repeats else count == least

    def parameter(self, index: int) -> str:
        return self.parameters[min(index, len(self.parameters) - 1)]


def _read(text: str) -> dict[str, list[Overload]]:
    found: dict[str, list[Overload]] = {}
    for line in filter(None, text.splitlines()):
        match = _LINE.fullmatch(line)
        assert match, line
        parameters = tuple(_split(match[2].removesuffix("...")))
        one = Overload(match[1], parameters, match[3], match[4], match[2].endswith("..."))
        found.setdefault(one.name, []).append(one)
    return found


def _split(text: str) -> Iterable[str]:
    """At the commas that are in no parentheses."""
    depth, start = 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    if text[start:].strip():
        yield text[start:].strip()


SCALARS = _read(
    texts.TEXTS
    + texts.REGULAR_EXPRESSIONS
    + texts.URLS
    + texts.BYTES
    + numbers.NUMBERS
    + times.TIMES
    + containers.CONTAINERS
    + containers.JSON
)
AGGREGATES = _read(aggregates.AGGREGATES)
WINDOWS = _read(aggregates.WINDOWS)


class Binding:
    """The types that an overload's variables have been given so far."""

    def __init__(self) -> None:
        self.types: dict[str, Type] = {}
        self.cost = 0

    def takes(self, parameter: str, argument: Typed) -> bool:
        if parameter in WORDS:
            return argument.literal is not None or parameter == "literal"
        return self._matches(parameter, argument.type)

    def _matches(self, parameter: str, kind: Type) -> bool:
        if parameter in _VARIABLES:
            if parameter == "O" and not t.is_orderable(kind):
                return False
            bound = self.types.get(parameter)
            both = kind if bound is None else t.common(bound, kind)
            if both is None:
                return False
            self.types[parameter] = both
            return True
        if parameter in _MOMENTS:
            self.cost += kind.name == "date" and parameter == "timestamp"
            return kind.name in _MOMENTS[parameter]
        if parameter == "decimal":
            self.cost += kind.name != "decimal"
            return kind.name == "decimal"
        if "(" in parameter and parameter.partition("(")[0] in _CONTAINERS:
            return self._matches_container(parameter, kind)
        wanted = named(parameter)
        self.cost += 0 if kind == wanted or kind.name == wanted.name else 1 + _distance(kind)
        return coercible(kind, wanted)

    def _matches_container(self, parameter: str, kind: Type) -> bool:
        name, _, inner = parameter.removesuffix(")").partition("(")
        if kind == t.UNKNOWN:
            return True
        if kind.name != name:
            return False
        parts = list(_split(inner))
        if len(parts) != len(kind.of):
            return False
        return all(self._matches(one, of) for one, of in zip(parts, kind.of, strict=True))

    def resolved(self, written: str) -> Type:
        """The type that a parameter or a result is, now that the variables are known."""
        if written in _VARIABLES:
            return self.types.get(written, t.UNKNOWN)
        if written.partition("(")[0] in _CONTAINERS:
            name, _, inner = written.removesuffix(")").partition("(")
            of = tuple(self.resolved(one) for one in _split(inner))
            return Type(name, of=of, fields=("",) * len(of) if name == "row" else ())
        return named(written)

    def argument(self, parameter: str, value: Typed) -> Typed:
        if parameter in (*WORDS, *_MOMENTS, "decimal") or "->" in parameter:
            return value
        return coerced(value, self.resolved(parameter))


def _distance(kind: Type) -> int:
    """A whole number rather becomes a bigint than a double."""
    return 0 if kind.name in t.INTEGERS else 1


def named(written: str) -> Type:
    if written.startswith("timestamp(3)"):
        return t.TIMESTAMP_TZ if written.endswith("zone") else t.TIMESTAMP
    name, _, args = written.removesuffix(")").partition("(")
    return Type(name, tuple(int(one) for one in args.split(",")) if args else ())


def chosen(overloads: list[Overload], arguments: list[Typed]) -> tuple[Overload, Binding] | None:
    """The overload that needs the fewest coercions; lambdas are bound afterwards."""
    best: tuple[Overload, Binding] | None = None
    for overload in overloads:
        binding = Binding()
        if not overload.fits(len(arguments)):
            continue
        named_parameters = [overload.parameter(index) for index in range(len(arguments))]
        pairs = zip(named_parameters, arguments, strict=True)
        if all("->" in p or binding.takes(p, a) for p, a in pairs) and (
            best is None or binding.cost < best[1].cost
        ):
            best = overload, binding
    return best


def result_type(overload: Overload, binding: Binding, arguments: list[Typed]) -> Type:
    moments = [a for a in arguments if a.type.name in _MOMENTS["moment"]]
    if overload.result == "same":
        value = moments[0] if moments else arguments[0]
        return replace(value.type)
    if overload.result == "whole":
        precision, scale = arguments[0].type.args
        return t.decimal(precision - scale + min(scale, 1), 0)
    if overload.result in _OF_DECIMALS:
        return t.decimal(*_OF_DECIMALS[overload.result](*arguments[0].type.args))
    if overload.result == "text":
        return arguments[0].type if arguments[0].type.name == "varchar" else t.VARCHAR
    if overload.result == "array(same)":
        return t.array(arguments[0].type)
    if "zone" in overload.parameters:
        zone = duckdb_zone(arguments[overload.parameters.index("zone")].literal or t.UTC)
        return Type(t.TZ, moments[0].type.args if moments else (3,), zone=zone)
    return binding.resolved(overload.result)


_OF_DECIMALS: dict[str, Callable[[int, int], tuple[int, int]]] = {
    "decimal(38,same)": lambda _, scale: (38, scale),
    "wider": lambda precision, scale: (precision + 1, scale),
    "integral": lambda precision, scale: (max(1, precision - scale), 0),
}
