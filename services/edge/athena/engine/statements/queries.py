"""SELECT and EXPLAIN: translated, run by DuckDB, written as the result file."""

from __future__ import annotations

import time
from typing import Any

from services.edge.athena.engine import results
from services.edge.athena.engine.run import Rules, Run
from services.edge.athena.sql.translation import Translation, translated

Document = dict[str, Any]
BATCH_ROWS = 10_000


def planned(run: Run) -> Translation:
    """The statement's query for DuckDB; the time until here is its planning."""
    statement = run.statement
    assert statement.node is not None
    found = translated(statement.sql, statement.node, run.relations.find)
    run.statistics["planning"] = round((time.monotonic() - run.statistics["begun"]) * 1000)
    return found


def reader(run: Run, found: Translation) -> Any:
    """Record batches of the answer, as they are computed."""
    return run.connection.sql(found.sql).to_arrow_reader(BATCH_ROWS)


def _select(run: Run) -> Document:
    found = planned(run)
    batches = reader(run, found)
    rows = results.write_csv(run.storage, run.location, found.names, found.types, batches)
    run.statistics["rows"] = rows
    return {"columns": results.described(found.names, found.types), "rows": rows}


def _explain(run: Run) -> Document:
    found = planned(run)
    word = "EXPLAIN ANALYZE" if run.statement.given.get("analyze") else "EXPLAIN"
    plan = run.connection.execute(f"{word} {found.sql}").fetchall()
    lines = [line.rstrip() for row in plan for line in str(row[1]).splitlines()]
    columns = [results.lines_column("Query Plan", "varchar")]
    # Of the statements that answer lines only this one has a header.
    results.write_lines(run.storage, run.location, ["Query Plan", *lines], columns)
    return {"columns": columns}


RULES: Rules = {"select": _select, "explain": _explain}
