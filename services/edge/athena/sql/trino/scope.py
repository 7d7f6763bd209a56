"""The names that an expression can use: relations with their columns, and what surrounds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from sqlglot import exp

from services.edge.athena.sql.errors import Position, QueryError, not_supported
from services.edge.athena.sql.trino.syntax import position
from services.edge.athena.sql.trino.typed_sql import Typed
from services.edge.athena.sql.trino.types import Type


@dataclass(frozen=True)
class Column:
    name: str | None
    type: Type


@dataclass(frozen=True)
class Query:
    """A translated query: DuckDB's SQL, whose columns are called c0, c1 ... in this order."""

    sql: str
    columns: list[Column]


@dataclass(frozen=True)
class Field:
    """A column in scope: the name it answers to, of which table, and its expression."""

    name: str | None
    relation: str | None
    value: Typed
    schema: str | None = None
    hidden: bool = False  # from `*`


@dataclass(frozen=True)
class Source:
    """A table as the engine registers it: its name in DuckDB, and its columns.

    Hidden ones are found by their names, and are not part of `*`.
    """

    name: str
    columns: list[Column]
    hidden: list[Column] = field(default_factory=list)


Finder = Callable[[str | None, str, Position | None], "Source | Query"]


@dataclass
class Environment:
    """What is one and the same for a whole query."""

    sql: str
    find: Finder
    compile: Callable[[exp.Expr, Context], Typed]
    query: Callable[[exp.Expr, Context], Query]
    numbers: Iterator[int] = field(default_factory=count)

    def unique(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"


@dataclass
class Context:
    """Where an expression stands."""

    environment: Environment
    fields: list[Field] = field(default_factory=list)
    parent: Context | None = None
    tables: dict[str, Query] = field(default_factory=dict)  # of WITH
    variables: dict[str, Typed] = field(default_factory=dict)  # of lambdas

    def inner(self, fields: list[Field]) -> Context:
        """For a query inside of this place."""
        return Context(self.environment, fields, self, dict(self.tables))

    def with_fields(self, fields: list[Field]) -> Context:
        return replace(self, fields=fields)

    def with_variables(self, variables: dict[str, Typed]) -> Context:
        return replace(self, variables={**self.variables, **variables})

    def place(self, node: exp.Expr) -> Position | None:
        return position(node, self.environment.sql)

    def compile(self, node: exp.Expr) -> Typed:
        return self.environment.compile(node, self)

    def query(self, node: exp.Expr) -> Query:
        """A query that stands here: the names of this place are seen from within."""
        return self.environment.query(node, self)

    def refuse(self, what: str, node: exp.Expr) -> QueryError:
        return not_supported(what, self.place(node))

    def found(self, names: list[str]) -> list[Field]:
        """Fields that `names` (table parts, then the column) may mean, in the nearest scope."""
        *qualifiers, name = names
        here = [
            candidate
            for candidate in self.fields
            if candidate.name == name
            and (not qualifiers or candidate.relation == qualifiers[-1])
            and (len(qualifiers) < 2 or candidate.schema == qualifiers[-2])
        ]
        if here or self.parent is None:
            return here
        return self.parent.found(names)


def name_of(identifier: exp.Expr) -> str:
    """Names are without case in Athena, quoted ones too."""
    return identifier.name.lower()


def renamed(found: Query, names: list[str], node: exp.Expr, context: Context) -> Query:
    if not names:
        return found
    if len(names) != len(found.columns):
        raise QueryError(
            "MISMATCHED_COLUMN_ALIASES",
            f"Column alias list has {len(names)} entries but relation has"
            f" {len(found.columns)} columns",
            context.place(node),
        )
    columns = [Column(n, c.type) for n, c in zip(names, found.columns, strict=True)]
    return Query(found.sql, columns)
