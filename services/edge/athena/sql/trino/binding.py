"""First pass of a call, bind: the overload that its arguments choose, with its types."""

from __future__ import annotations

from services.edge.athena.sql.duckdb.formats import is_plain_joda
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced, coercible
from services.edge.athena.sql.trino.overloads import Overload, split
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type

_VARIABLES = ("T", "U", "K", "V", "O")  # O is an orderable type
# Parameters that are more, or less, than one type.
TIMES = {
    **{"moment": ("date", "timestamp", t.TZ), "timestamp": ("timestamp", t.TZ, "date")},
    **{"plain": ("timestamp",), "zoned": (t.TZ,), "clock": ("time",)},
}
WORDS = ("literal", "unit", "mysql", "joda", "path", "zone")
# The functions on texts that take a char too.
_OF_CHARS = ("length", "lower", "upper", "substr", "substring", "trim", "ltrim", "rtrim", "concat")
_CONTAINERS = ("array", "map", "row")


class Binding:
    """The types that an overload's variables have been given so far."""

    def __init__(self) -> None:
        self.types: dict[str, Type] = {}
        self.cost = 0

    def takes(self, parameter: str, argument: Typed) -> bool:
        if parameter == "joda":
            return argument.literal is not None and is_plain_joda(argument.literal)
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
        if parameter in TIMES:
            self.cost += kind.name == "date" and parameter == "timestamp"
            return kind.name in TIMES[parameter]
        if parameter == "decimal":
            self.cost += kind.name != "decimal"
            return kind.name == "decimal"
        if "(" in parameter and parameter.partition("(")[0] in _CONTAINERS:
            return self._matches_container(parameter, kind)
        if parameter == "char":
            return kind.name == "char"
        wanted = named(parameter)
        self.cost += 0 if kind == wanted or kind.name == wanted.name else 1 + _distance(kind)
        return coercible(kind, wanted)

    def _matches_container(self, parameter: str, kind: Type) -> bool:
        name, _, inner = parameter.removesuffix(")").partition("(")
        if kind == t.UNKNOWN:
            return True
        if kind.name != name:
            return False
        parts = list(split(inner))
        if len(parts) != len(kind.of):
            return False
        return all(self._matches(inner, of) for inner, of in zip(parts, kind.of, strict=True))

    def resolved(self, written: str) -> Type:
        """The type that a parameter or a result is, now that the variables are known."""
        if written in _VARIABLES:
            return self.types.get(written, t.UNKNOWN)
        if written.partition("(")[0] in _CONTAINERS:
            name, _, inner = written.removesuffix(")").partition("(")
            of = tuple(self.resolved(part) for part in split(inner))
            return Type(name, of=of, fields=("",) * len(of) if name == "row" else ())
        return named(written)

    def argument(self, parameter: str, value: Typed) -> Typed:
        if parameter in (*WORDS, *TIMES, "decimal", "char") or "->" in parameter:
            return value
        return coerced(value, self.resolved(parameter))


def _distance(kind: Type) -> int:
    """A whole number rather becomes a bigint than a double."""
    return 0 if kind.name in t.INTEGERS else 1


def named(written: str) -> Type:
    if written.startswith("timestamp(3)"):
        return t.TIMESTAMP_TZ if written.endswith("zone") else t.TIMESTAMP
    name, _, args = written.removesuffix(")").partition("(")
    return Type(name, tuple(int(part) for part in args.split(",")) if args else ())


def ambiguous(overloads: list[Overload], arguments: list[Typed]) -> bool:
    """Whether NULL may be of types that have nothing in common, and the result depends on it."""
    fitting = [
        overload
        for overload in overloads
        if overload.fits(len(arguments)) and chosen([overload], arguments) is not None
    ]
    results = {one.result for one in fitting if not one.result.startswith("array")} | {
        "array" for one in fitting if one.result.startswith("array")
    }
    families = {
        one.parameter(at).partition("(")[0]
        for one in fitting
        for at, value in enumerate(arguments)
        if value.type == t.UNKNOWN
    }
    return len(results) > 1 and len(families & {"varchar", "varbinary"}) > 1


def chosen(overloads: list[Overload], arguments: list[Typed]) -> tuple[Overload, Binding] | None:
    """The overload that needs the fewest coercions; lambdas are bound afterwards."""
    best: tuple[Overload, Binding] | None = None
    for overload in overloads:
        binding = Binding()
        if not overload.fits(len(arguments)):
            continue
        if overload.name not in _OF_CHARS and any(
            argument.type.name == "char" and overload.parameter(index).startswith("varchar")
            for index, argument in enumerate(arguments)
        ):
            continue
        named_parameters = [overload.parameter(index) for index in range(len(arguments))]
        pairs = zip(named_parameters, arguments, strict=True)
        if all("->" in p or binding.takes(p, a) for p, a in pairs) and (
            best is None or binding.cost < best[1].cost
        ):
            best = overload, binding
    return best
