"""LazySimpleSerDe: fields between separators, without quotes; what is missing is NULL.

https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html and Hive's LazySimpleSerDe
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from services.edge.athena.engine.tables.serde_properties import character, is_true
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino.types import Type, row_fields

_DEFAULTS = "\x01\x02\x03\x04\x05\x06\x07\x08"


@dataclass(frozen=True)
class Layout:
    """The separators from the outside to the inside, and how text differs from NULL."""

    separators: str
    null: str
    escape: str | None
    rest_is_last: bool

    @classmethod
    def of(cls, properties: dict[str, str]) -> Layout:
        if character(properties.get("line.delim") or "\n", "line.delim") != "\n":
            raise QueryError("NOT_SUPPORTED", "Lines that end by anything but a line feed")
        outer = properties.get("field.delim") or properties.get("serialization.format") or "1"
        items = properties.get("collection.delim") or properties.get("colelction.delim") or "2"
        inner = properties.get("mapkey.delim") or "3"
        given = [
            character(outer, "field.delim"),
            character(items, "collection.delim"),
            character(inner, "mapkey.delim"),
        ]
        escape = properties.get("escape.delim")
        return cls(
            "".join(given) + _DEFAULTS[3:],
            properties.get("serialization.null.format", "\\N"),
            character(escape, "escape.delim") if escape else None,
            is_true(properties, "serialization.last.column.takes.rest"),
        )

    def row(self, line: str, kinds: list[Type]) -> list[Any]:
        """As many values as there are columns: short rows are filled up, long ones are cut."""
        most = len(kinds) - 1 if self.rest_is_last else -1
        found = self._split(line, self.separators[0], most)
        values = [self._value(text, kind, 1) for text, kind in zip(found, kinds, strict=False)]
        return values + [None] * (len(kinds) - len(values))

    def written(self, values: list[str | None]) -> str:
        """A line of texts, as Hive writes it."""
        return self.separators[0].join(
            self.null if value is None else self._escaped(value) for value in values
        )

    def _escaped(self, value: str) -> str:
        if self.escape is None:
            return value
        special = f"[{re.escape(self.escape + self.separators)}]"
        return re.sub(special, lambda found: f"{self.escape}{found[0]}", value)

    def _value(self, text: str, kind: Type, depth: int) -> Any:
        if text == self.null:
            return None
        if not kind.of:
            return self._plain(text)
        if depth + (kind.name == "map") >= len(self.separators):
            raise QueryError("NOT_SUPPORTED", "Delimited text nested deeper than eight levels")
        separator = self.separators[depth]
        parts = self._split(text, separator) if text else []
        if kind.name == "array":
            return [self._value(part, kind.of[0], depth + 1) for part in parts]
        if kind.name == "map":
            return self._map(parts, kind, depth)
        found = [
            self._value(inner, own, depth + 1) for inner, own in zip(parts, kind.of, strict=False)
        ]
        found += [None] * (len(kind.of) - len(found))
        return dict(zip(row_fields(kind), found, strict=True))

    def _map(self, parts: list[str], kind: Type, depth: int) -> list[tuple[Any, Any]]:
        """The first value of a key counts, and a key that is NULL is left out, as in Hive."""
        found: dict[Any, Any] = {}
        for part in parts:
            key, *value = self._split(part, self.separators[depth + 1], 1)
            own = self._value(key, kind.of[0], depth + 2)
            if own is not None and own not in found:
                found[own] = self._value(value[0], kind.of[1], depth + 2) if value else None
        return list(found.items())

    def _split(self, text: str, separator: str, most: int = -1) -> list[str]:
        if self.escape is None or self.escape not in text:
            return text.split(separator, most)
        found: list[str] = []
        start = at = 0
        while at < len(text):
            if text[at] == self.escape:
                at += 2
            elif text[at] == separator and (most < 0 or len(found) < most):
                found.append(text[start:at])
                start = at = at + 1
            else:
                at += 1
        return [*found, text[start:]]

    def _plain(self, text: str) -> str:
        if self.escape is None or self.escape not in text:
            return text
        return re.sub(f"{re.escape(self.escape)}(.)", r"\1", text, flags=re.DOTALL)
