"""A statement with its values: run for the page, and shown as a person can run it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import pyarrow as pa

Row = TypeVar("Row")


@dataclass(frozen=True)
class Query(Generic[Row]):
    """`kind` is a NamedTuple with the columns of the statement, in order."""

    kind: type[Row]
    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, connection: Any) -> list[Row]:
        return [self.kind(*row) for row in connection.execute(self.sql, self._used).fetchall()]

    def table(self, connection: Any) -> pa.Table:
        """The rows with the names of `kind`, for a download."""
        names = list(getattr(self.kind, "_fields", ()))
        found = connection.sql(self.sql, params=self._used).to_arrow_table()
        return found.rename_columns(names)

    @property
    def text(self) -> str:
        """The statement with its values in it, for `lake sql` or Athena's console."""

        def literal(found: re.Match[str]) -> str:
            return _literal(self.values[found[1]])

        return re.sub(r"\$(\w+)", literal, inspect.cleandoc(self.sql))

    @property
    def _used(self) -> dict[str, Any]:
        """DuckDB refuses values that the statement does not name."""
        names = set(re.findall(r"\$(\w+)", self.sql))
        return {name: value for name, value in self.values.items() if name in names}


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, date):
        return f"DATE '{value}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_literal, value))}]"
    raise TypeError(f"Expected a value of SQL, found {value!r}")
