"""Every SQL statement of the page Quality: a DuckDB connection in, rows out."""

from __future__ import annotations

from typing import Any, NamedTuple

# More runs than these are told by day.
MOST_RUNS = 40
ALL = """
    SELECT 'events' AS source, bronze_key, reasons, run FROM rejected_events
    UNION ALL
    SELECT 'marketing', bronze_key, reasons, run FROM rejected_marketing
"""


class RejectReason(NamedTuple):
    source: str
    reason: str
    rows: int


class RejectedInRun(NamedTuple):
    """`run` is when the run began, or its day: ISO text, UTC."""

    run: str
    reason: str
    rows: int


def reject_reasons(connection: Any) -> list[RejectReason]:
    """Rejected rows by table and reason; a row with two reasons counts in both."""
    sql = f"""
        SELECT source, unnest(list_distinct(reasons)) AS reason, count(*) AS n
        FROM ({ALL})
        GROUP BY source, reason
        ORDER BY n DESC, source, reason
    """
    return [RejectReason(*row) for row in connection.execute(sql).fetchall()]


def rejected_by_run(connection: Any) -> list[RejectedInRun]:
    """Rejected rows by the first run that rejected them, oldest first; by day if there are many."""
    runs = connection.execute(f"SELECT count(DISTINCT run) FROM ({ALL})").fetchone()[0]
    moment = "left(run, 10)" if runs > MOST_RUNS else "left(run, 16)"
    sql = f"""
        SELECT {moment} AS began, unnest(list_distinct(reasons)) AS reason, count(*)
        FROM ({ALL})
        GROUP BY began, reason
        ORDER BY began, reason
    """
    return [RejectedInRun(*row) for row in connection.execute(sql).fetchall()]


def rejected_keys(connection: Any, reason: str, most: int) -> list[tuple[str, str]]:
    """Objects of bronze that were rejected for the reason and when, those of the newest run first.

    Of a file of spend the same object can stand for several rows; it is named once.
    """
    sql = f"""
        SELECT bronze_key, max(run) AS newest
        FROM ({ALL})
        WHERE list_contains(reasons, $reason)
        GROUP BY bronze_key
        ORDER BY newest DESC, bronze_key
        LIMIT {most:d}
    """
    rows: list[tuple[str, str]] = connection.execute(sql, {"reason": reason}).fetchall()
    return rows
