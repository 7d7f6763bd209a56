"""A statement that is being run: all that it needs, and how one without rows answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.edge.athena.engine import results
from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.glue_catalog import GlueCatalog
from services.edge.athena.engine.relations import Relations
from services.edge.athena.sql.statements.parser import Statement

Document = dict[str, Any]


@dataclass
class Run:
    """A statement with all that it needs to be run."""

    request: Document
    statement: Statement
    catalog: GlueCatalog
    relations: Relations
    storage: Storage
    connection: Any
    statistics: Document = field(default_factory=dict)

    @property
    def location(self) -> str:
        return str(self.request["location"])


Rules = dict[str, Callable[[Run], Document]]


def named(run: Run, names: list[str]) -> tuple[str, str]:
    """Database and table of a written name."""
    database = names[-2] if len(names) > 1 else run.catalog.database
    return database, names[-1]


def done(run: Run) -> Document:
    """A statement without rows: its file is empty."""
    results.write_lines(run.storage, run.location, [], [])
    return {"empty": True}
