"""A query of Athena's SQL as one statement of DuckDB, with the names and types of its columns."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.expressions import compiled
from services.edge.athena.sql.trino.queries import query
from services.edge.athena.sql.trino.scope import Column, Context, Environment, Finder, Query


@dataclass(frozen=True)
class Translation:
    sql: str
    names: list[str]
    types: list[t.Type]


def translated(sql: str, node: exp.Expr, find: Finder) -> Translation:
    """`find` answers the tables and views that the query names; raises QueryError."""
    found = inner_query(sql, node, find)
    items = [
        f"CAST(c{index} AS {t.duckdb(column.type)}) AS c{index}"
        for index, column in enumerate(found.columns)
    ]
    return Translation(
        f"SELECT {', '.join(items)} FROM ({found.sql}) AS whole",
        [column.name or f"_col{index}" for index, column in enumerate(found.columns)],
        [column.type for column in found.columns],
    )


def inner_query(sql: str, node: exp.Expr, find: Finder) -> Query:
    """The query of a view, within another query."""
    found = query(node, Context(Environment(sql, find, compiled, query)))
    named = [Column(c.name or f"_col{i}", c.type) for i, c in enumerate(found.columns)]
    return Query(found.sql, named)
