"""SELECT and EXPLAIN: translated, run by DuckDB, written as the result file."""

from __future__ import annotations

from typing import Any

from services.edge.athena.engine import results
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run
from services.edge.athena.sql.statements.statement import Explain, Select
from services.edge.athena.sql.translation import Translation

BATCH_ROWS = 10_000


def reader(run: Run, query: Translation) -> Any:
    """Record batches of the answer, as they are computed."""
    return run.connection.sql(query.sql).to_arrow_reader(BATCH_ROWS)


def _select(run: Run, statement: Select) -> Result:
    query = run.planned(statement.query)
    columns = results.described(query.names, query.types)
    batches = reader(run, query)
    run.statistics["_rows"] = results.write_csv(
        run.storage, run.request.location, columns, query.types, batches
    )
    return {"columns": columns}


def _explain(run: Run, statement: Explain) -> Result:
    query = run.planned(statement.query)
    word = "EXPLAIN ANALYZE" if statement.analyze else "EXPLAIN"
    plan = run.connection.execute(f"{word} {query.sql}").fetchall()
    lines = [line.rstrip() for row in plan for line in str(row[1]).splitlines()]
    columns = [results.lines_column("Query Plan", "varchar")]
    # Of the statements that answer lines only this one has a header.
    results.write_lines(run.storage, run.request.location, ["Query Plan", *lines], columns)
    return {"columns": columns}


RULES: Rules = {Select: _select, Explain: _explain}
