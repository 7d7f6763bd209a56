"""JSON lines as OpenX's and Hive's SerDes read them: keys without case, or by a mapping.

https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.engine.tables.serde_properties import is_true
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column
from services.edge.athena.sql.trino.types import Type

Document = dict[str, Any]
_MAPPING = "mapping."


class Number(float):
    """A number with a fraction or an exponent, as it was written."""

    def __new__(cls, written: str) -> Number:
        made = super().__new__(cls, written)
        made.written = written
        return made

    written: str


@dataclass(frozen=True)
class Layout:
    """`keys` gives a column another key than its name; `nulls_malformed` reads it as NULLs."""

    keys: dict[str, str]
    ignores_case: bool
    has_dots: bool
    nulls_malformed: bool

    @classmethod
    def of(cls, properties: dict[str, str]) -> Layout:
        ignores_case = is_true(properties, "case.insensitive", "true")
        keys = {
            name.removeprefix(_MAPPING).lower(): value.lower() if ignores_case else value
            for name, value in properties.items()
            if name.startswith(_MAPPING)
        }
        return cls(
            keys,
            ignores_case,
            is_true(properties, "dots.in.keys"),
            is_true(properties, "ignore.malformed.json"),
        )

    def row(self, line: str, columns: list[Column], place: str) -> list[Any]:
        """The values of the columns; raises HIVE_CURSOR_ERROR for what is no JSON object."""
        try:
            found = json.loads(line, parse_float=Number)
            if not isinstance(found, dict):
                raise ValueError(f"expected an object, found {type(found).__name__}")
        except (ValueError, RecursionError) as error:
            if self.nulls_malformed:
                return [None] * len(columns)
            message = f"Row {place} is not a valid JSON Object: {error}"
            raise QueryError("HIVE_CURSOR_ERROR", message) from error
        named = self._keyed(found)
        try:
            return [self._value(named.get(self._key(c.name or "")), c.type) for c in columns]
        except (ValueError, TypeError, AttributeError, pa.ArrowException) as error:
            message = f"Error parsing a column of row {place}: {error}"
            raise QueryError("HIVE_BAD_DATA", message) from error

    def _key(self, name: str) -> str:
        return self.keys.get(name, name)

    def _keyed(self, found: Document) -> Document:
        return {self._written(name): value for name, value in found.items()}

    def _written(self, name: str) -> str:
        plain = name.lower() if self.ignores_case else name
        return plain.replace(".", "_") if self.has_dots else plain

    def _value(self, value: Any, kind: Type) -> Any:
        """A JSON value as a column of its type; texts take objects as they are written."""
        if value is None:
            return None
        if t.is_text(kind):
            written = _text(value)
            return written[: kind.args[0]] if kind.args else written
        if kind.name == "array":
            return [self._value(element, kind.of[0]) for element in _expected(value, list)]
        if kind.name == "map":
            pairs = _expected(value, dict).items()
            return [(self._value(k, kind.of[0]), self._value(v, kind.of[1])) for k, v in pairs]
        if kind.name == "row":
            return self._row(value, kind)
        return _SCALARS[kind.name](value, kind) if kind.name in _SCALARS else _plain(value, kind)

    def _row(self, value: Any, kind: Type) -> Document:
        found = self._keyed(_expected(value, dict))
        pairs = zip(kind.fields, kind.of, strict=True)
        return {name: self._value(found.get(self._key(name)), of) for name, of in pairs}


def _expected(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(
            f"expected {'an array' if kind is list else 'an object'}, found {_text(value)}"
        )
    return value


def _text(value: Any) -> str:
    """As it was written, without the blanks between."""
    if isinstance(value, str):
        return value
    if isinstance(value, Number):
        return value.written
    if isinstance(value, dict):
        pairs = (f"{_quoted(name)}:{_inner(inner)}" for name, inner in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_inner, value))}]"
    return json.dumps(value)


def _inner(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else _text(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _integer(value: Any, kind: Type) -> int:
    if isinstance(value, (bool, float)):
        raise ValueError(f"expected {kind}, found {_text(value)}")
    found = int(value)
    bits = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}[kind.name]
    if not -(2 ** (bits - 1)) <= found < 2 ** (bits - 1):
        raise ValueError(f"{found} is out of the range of {kind}")
    return found


def _float(value: Any, kind: Type) -> float:
    if isinstance(value, bool):
        raise ValueError(f"expected {kind}, found {_text(value)}")
    return float(value)


def _boolean(value: Any, _: Type) -> bool:
    if isinstance(value, bool):
        return value
    return str(value).lower() == "true"


def _plain(value: Any, kind: Type) -> Any:
    """Dates, times and decimals, which JSON has as texts or numbers."""
    if kind.name == "varbinary" or isinstance(value, (bool, list, dict)):
        raise ValueError(f"expected {kind}, found {_text(value)}")
    written = value.written if isinstance(value, Number) else str(value)
    return pa.scalar(written).cast(arrow(kind)).as_py()


_SCALARS = {
    **dict.fromkeys(t.INTEGERS, _integer),
    **dict.fromkeys(t.FLOATS, _float),
    "boolean": _boolean,
}
