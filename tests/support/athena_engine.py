"""A query through Athena's engine without tables: what a worker of the pool does with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from services.edge.athena.engine import values
from services.edge.athena.engine.session import as_query_error
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.statements.parser import parse
from services.edge.athena.sql.translation import translated


@dataclass(frozen=True)
class Answer:
    """The types as Trino writes them, and the rows as the result file has them."""

    types: list[str]
    rows: list[list[str | None]]


def answer(connection: Any, sql: str) -> Answer:
    """Raises QueryError and MalformedQueryError."""
    query = parse(sql).query
    found = translated(query.sql, query.tree, _no_tables)
    try:
        table = connection.sql(found.sql).to_arrow_table()
    except duckdb.Error as error:
        raise as_query_error(error) from error
    columns = [
        [None if value is None else write(value) for value in values.values(column)]
        for column, write in zip(table.columns, map(values.writer, found.types), strict=True)
    ]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Answer([str(kind) for kind in found.types], rows)


def _no_tables(*name: object) -> Any:
    raise QueryError("TABLE_NOT_FOUND", f"line 1:1: Table {name} does not exist")
