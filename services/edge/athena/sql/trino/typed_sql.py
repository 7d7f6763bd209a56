"""An expression in DuckDB's SQL with the type that Trino gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.edge.athena.sql.trino.types import Type


@dataclass(frozen=True)
class Typed:
    """`literal` is the value of a quoted text, known before the query runs."""

    sql: str
    type: Type
    literal: str | None = None

    def as_type(self, kind: Type) -> Typed:
        return replace(self, type=kind)


def text(value: str) -> str:
    """A quoted text of DuckDB."""
    return "'" + value.replace("'", "''") + "'"
