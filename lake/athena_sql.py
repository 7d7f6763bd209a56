"""Statements to Athena at the stack's endpoint: text in, rows out, in the catalog's databases."""

from __future__ import annotations

import time
from typing import Any

from lake.clients import make_client
from lake.settings import Settings
from lake.sql_answers import Answer, QueryError

RESULTS = "lake-sql-results"
POLL_SECONDS = 0.1
ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")


class Athena:
    """Asks one statement after the other; the default database is gold's."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = make_client("athena", settings)
        self._database = f"{settings.names.database_prefix}gold_db"
        make_client("s3", settings).create_bucket(Bucket=RESULTS)

    def ask(self, query: str) -> Answer:
        """Raises QueryError with Athena's own words. Ctrl-C stops the query."""
        started = self._client.start_query_execution(
            QueryString=query,
            QueryExecutionContext={"Database": self._database},
            ResultConfiguration={"OutputLocation": f"s3://{RESULTS}/"},
        )["QueryExecutionId"]
        try:
            self._wait(started)
        except KeyboardInterrupt:
            self._client.stop_query_execution(QueryExecutionId=started)
            raise
        return self._answer(started)

    def _wait(self, started: str) -> None:
        while True:
            execution = self._client.get_query_execution(QueryExecutionId=started)
            status = execution["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return
            if status["State"] in ENDED:
                raise QueryError(
                    f"{status.get('StateChangeReason', status['State'])}{self._cure(status)}"
                )
            time.sleep(POLL_SECONDS)

    def _cure(self, status: dict[str, Any]) -> str:
        reason = status.get("StateChangeReason", "")
        if "does not exist" not in reason and "NOT_FOUND" not in reason:
            return ""
        crawler = f"{self._settings.names.prefix}-gold-crawler"
        return (
            f"\nAthena knows what a crawler has catalogued: aws glue start-crawler --name {crawler}"
        )

    def _answer(self, started: str) -> Answer:
        pages = self._client.get_paginator("get_query_results").paginate(QueryExecutionId=started)
        columns: list[str] = []
        found: list[list[str | None]] = []
        for page in pages:
            columns = [c["Name"] for c in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
            for row in page["ResultSet"]["Rows"]:
                found.append([datum.get("VarCharValue") for datum in row["Data"]])
        rows = found[1:] if found[:1] == [columns] else found  # a SELECT's first row is its header
        return Answer(columns, rows, _table(columns, rows))


def _table(columns: list[str], rows: list[list[str | None]]) -> str:
    """As DuckDB shows a table: all of Athena's answers are text."""
    import duckdb
    import pyarrow as pa

    if not columns:
        return ""
    names = [name if columns.count(name) == 1 else f"{name}_{n}" for n, name in enumerate(columns)]
    arrays = [pa.array([row[n] for row in rows], pa.string()) for n in range(len(columns))]
    answer = pa.table(arrays, names=names)
    with duckdb.connect() as connection:
        return str(connection.from_arrow(answer))
