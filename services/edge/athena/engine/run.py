"""A statement that is being run: all that it needs, and how one without rows answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.edge.athena.engine import results
from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.glue_catalog import GlueCatalog
from services.edge.athena.engine.relations import Relations
from services.edge.athena.engine.request import QueryRequest, Result, Statistics
from services.edge.athena.sql.statements.statement import ParsedQuery, Statement, TableName
from services.edge.athena.sql.translation import Translation, translated


@dataclass
class Run:
    """`connection` is DuckDB's."""

    request: QueryRequest
    catalog: GlueCatalog
    relations: Relations
    storage: Storage
    connection: Any
    statistics: Statistics = field(default_factory=Statistics)
    started: float = field(default_factory=time.monotonic)

    def planned(self, query: ParsedQuery) -> Translation:
        """The query for DuckDB; the time until here is its planning."""
        translation = translated(query.sql, query.tree, self.relations.find)
        self.statistics["QueryPlanningTimeInMillis"] = self.milliseconds()
        return translation

    def milliseconds(self) -> int:
        return round((time.monotonic() - self.started) * 1000)


# By the type of the statement, which is the second argument.
Rules = dict[type[Statement], Callable[[Run, Any], Result]]


def named(run: Run, table: TableName) -> tuple[str, str]:
    """Database and name."""
    return table.database or run.catalog.database, table.name


def done(run: Run) -> Result:
    """A statement without rows: its file is empty."""
    results.write_lines(run.storage, run.request.location, [], [])
    return {}
