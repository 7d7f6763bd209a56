"""Statements that are no queries: SHOW, DESCRIBE, changes of the catalog, and written tables."""

from __future__ import annotations

from services.edge.athena.engine.statements import (
    alterations,
    definitions,
    exports,
    inserts,
    partitions,
    shows,
)

RULES = {**shows.RULES, **definitions.RULES, **partitions.RULES, **exports.RULES}
RULES |= {**alterations.RULES, **inserts.RULES}
