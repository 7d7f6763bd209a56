"""Trino's types: how each is written in Trino, Hive and DuckDB, and what two have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

TZ = "timestamp with time zone"
UTC = "UTC"


@dataclass(frozen=True)
class Type:
    """`args` are lengths and precisions, `of` the element types, `fields` a row's field names."""

    name: str
    args: tuple[int, ...] = ()
    of: tuple[Type, ...] = ()
    fields: tuple[str, ...] = ()
    # The zone that a value is shown in; DuckDB keeps only the instant.
    zone: str = field(default=UTC, compare=False)

    def __str__(self) -> str:
        if self.name == "row":
            named = zip(self.fields, self.of, strict=True)
            return f"row({', '.join(f'{_shown(name)} {kind}'.strip() for name, kind in named)})"
        if self.of:
            return f"{self.name}({', '.join(map(str, self.of))})"
        if self.name == TZ:
            return f"timestamp({self.args[0]}) with time zone"
        return f"{self.name}({','.join(map(str, self.args))})" if self.args else self.name


BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE = (
    Type(name) for name in ("boolean", "tinyint", "smallint", "integer", "bigint", "real", "double")
)
VARCHAR, VARBINARY, DATE, JSON, UNKNOWN = (
    Type(name) for name in ("varchar", "varbinary", "date", "json", "unknown")
)
TIMESTAMP, TIMESTAMP_TZ, TIME = Type("timestamp", (3,)), Type(TZ, (3,)), Type("time", (3,))
DAY_TO_SECOND, YEAR_TO_MONTH = Type("interval day to second"), Type("interval year to month")
UUID, IPADDRESS = Type("uuid"), Type("ipaddress")

INTEGERS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}  # digits of each
FLOATS = ("real", "double")
_HIVE = {"int": "integer", "string": "varchar", "float": "real", "binary": "varbinary"}
_TO_HIVE = {"integer": "int", "real": "float", "varbinary": "binary", "json": "string"}
_DUCKDB = {
    "real": "FLOAT",
    "varbinary": "BLOB",
    TZ: "TIMESTAMP WITH TIME ZONE",
    DAY_TO_SECOND.name: "INTERVAL",
    YEAR_TO_MONTH.name: "INTERVAL",
    "unknown": "INTEGER",
    "char": "VARCHAR",
    "ipaddress": "BLOB",  # the sixteen bytes, whose order is the addresses'
}


MOST_CHARACTERS = 65536  # of a char


def decimal(precision: int, scale: int) -> Type:
    return Type("decimal", (min(38, precision), min(38, scale)))


def array(element: Type) -> Type:
    return Type("array", of=(element,))


def is_numeric(kind: Type) -> bool:
    return kind.name in INTEGERS or kind.name in FLOATS or kind.name == "decimal"


def has_map(kind: Type) -> bool:
    return kind.name == "map" or any(map(has_map, kind.of))


def is_orderable(kind: Type) -> bool:
    return kind.name not in ("map", "json") and all(map(is_orderable, kind.of))


def is_text(kind: Type) -> bool:
    return kind.name in ("varchar", "char")


def digits(kind: Type) -> tuple[int, int]:
    """Precision and scale of an exact number."""
    return kind.args[:2] if kind.name == "decimal" else (INTEGERS[kind.name], 0)  # type: ignore[return-value]


def duckdb(kind: Type) -> str:
    if kind.name == "array":
        return f"{duckdb(kind.of[0])}[]"
    if kind.name == "map":
        return f"MAP({duckdb(kind.of[0])}, {duckdb(kind.of[1])})"
    if kind.name == "row":
        named = zip(row_fields(kind), kind.of, strict=True)
        return f"STRUCT({', '.join(f'{quoted(name)} {duckdb(inner)}' for name, inner in named)})"
    if kind.name == "decimal":
        return f"DECIMAL({kind.args[0]},{kind.args[1]})"
    return _DUCKDB.get(kind.name, kind.name.upper())


def row_fields(kind: Type) -> list[str]:
    """Names under which DuckDB keeps the fields; without one, or taken already, it is numbered."""
    found: list[str] = []
    for index, name in enumerate(kind.fields, 1):
        own, taken = name or f"element{index}", {one.lower() for one in found}
        while own.lower() in taken:
            own = f"{own}_{index}"
        found.append(own)
    return found


def hive(kind: Type) -> str:
    """The type as the Glue catalog has it."""
    if kind.name == "array":
        return f"array<{hive(kind.of[0])}>"
    if kind.name == "map":
        return f"map<{hive(kind.of[0])},{hive(kind.of[1])}>"
    if kind.name == "row":
        named = zip(row_fields(kind), kind.of, strict=True)
        return f"struct<{','.join(f'{name}:{hive(inner)}' for name, inner in named)}>"
    if kind.name in ("timestamp", TZ):
        return "timestamp"
    if kind.name == "varchar" and not kind.args:
        return "string"
    return str(kind) if kind.args else _TO_HIVE.get(kind.name, kind.name)


def common(left: Type, right: Type) -> Type | None:
    """The type that both are turned into where they meet, none where there is no such."""
    if left == right:
        return left
    if UNKNOWN in (left, right):
        return right if left == UNKNOWN else left
    if is_numeric(left) and is_numeric(right):
        return _common_number(left, right)
    if "char" in (left.name, right.name) and is_text(left) and is_text(right):
        return Type("char", (max((*left.args, *right.args, *_unbounded(left, right))),))
    if is_text(left) and is_text(right):
        lengths = [kind.args[0] for kind in (left, right) if kind.args]
        return Type("varchar", (max(lengths),)) if len(lengths) == 2 else VARCHAR
    if left.name == right.name and left.of and len(left.of) == len(right.of):
        of = [common(a, b) for a, b in zip(left.of, right.of, strict=True)]
        known = tuple(kind for kind in of if kind is not None)
        pairs = zip(left.fields, right.fields, strict=True)
        fields = tuple(a if a == b else "" for a, b in pairs)
        return replace(left, of=known, fields=fields) if len(known) == len(of) else None
    return _common_time(left, right)


def _unbounded(*kinds: Type) -> tuple[int, ...]:
    return () if all(kind.args for kind in kinds) else (MOST_CHARACTERS,)


def _shown(name: str) -> str:
    """A field's name as Trino writes it in a type."""
    return name if re.fullmatch(r"([a-z_][a-z0-9_]*)?", name) else quoted(name)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def from_hive(text: str) -> Type:
    """The type that a Glue column declares; raises ValueError for what Athena does not know."""
    tokens = iter(re.findall(r"[<>(),:]|[^<>(),:\s]+", text.lower()))
    words = _Words(tokens)
    kind = _hive(words)
    if words.next is not None:
        raise ValueError(f"type {text!r} cannot be read at {words.next!r}")
    return kind


class _Words:
    def __init__(self, words: Iterator[str]) -> None:
        self._words = words
        self.next = next(words, None)

    def take(self, *expected: str) -> str:
        word = self.next
        if word is None or (expected and word not in expected):
            raise ValueError(f"expected {' or '.join(expected) or 'a type'}, found {word}")
        self.next = next(self._words, None)
        return word


def _hive(words: _Words) -> Type:
    name = words.take()
    if name in ("array", "map", "struct"):
        return _hive_container(name, words)
    args: list[int] = []
    if words.next == "(":
        while words.take("(", ",", ")") != ")":
            if words.next == ")":
                continue
            args.append(int(words.take()))
    if name == "decimal" and not args:
        args = [10, 0]
    name = _HIVE.get(name, name)
    known = (*INTEGERS, *FLOATS, "boolean", "varchar", "char", "varbinary", "date", "decimal")
    if name == "timestamp":
        return TIMESTAMP
    if name not in known:
        raise ValueError(f"type {name!r} is not known")
    return Type(name, (args[0], 0) if name == "decimal" and len(args) == 1 else tuple(args))


def _hive_container(name: str, words: _Words) -> Type:
    words.take("<")
    of: list[Type] = []
    fields: list[str] = []
    while True:
        if name == "struct":
            fields.append(words.take())
            words.take(":")
        of.append(_hive(words))
        if words.take(",", ">") == ">":
            break
    if len(of) != {"array": 1, "map": 2}.get(name, len(of)):
        raise ValueError(f"{name} of {len(of)} types")
    return Type("row" if name == "struct" else name, of=tuple(of), fields=tuple(fields))


def _common_number(left: Type, right: Type) -> Type:
    for name in ("double", "real"):
        if name in (left.name, right.name):
            return Type(name)
    if "decimal" in (left.name, right.name):
        (p1, s1), (p2, s2) = digits(left), digits(right)
        scale = max(s1, s2)
        return decimal(max(p1 - s1, p2 - s2) + scale, scale)
    return max(left, right, key=lambda kind: INTEGERS[kind.name])


def _common_time(left: Type, right: Type) -> Type | None:
    if left.name == right.name == "time":
        return max(left, right, key=lambda kind: kind.args)
    order = ("date", "timestamp", TZ)
    if left.name not in order or right.name not in order:
        return None
    later = max(left, right, key=lambda kind: order.index(kind.name))
    args = max(left.args, right.args)
    return replace(later, args=args)
