"""An expression in DuckDB's SQL with the type that Trino gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from services.edge.athena.sql.trino.types import Type

# A function that DuckDB calls in Python: the types of its parameters, and of its answer.
PythonFunction = tuple[Callable[..., Any], list[str], str]


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
