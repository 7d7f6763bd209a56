"""Every SQL statement of the page Quality: a DuckDB connection in, rows out."""

from __future__ import annotations

from typing import Any, NamedTuple


class RejectReason(NamedTuple):
    source: str
    reason: str
    rows: int


def reject_reasons(connection: Any) -> list[RejectReason]:
    """Rejected rows by table and reason; a row with two reasons counts in both."""
    sql = """
        SELECT source, unnest(list_distinct(reasons)) AS reason, count(*) AS n
        FROM (
            SELECT 'events' AS source, reasons FROM rejected_events
            UNION ALL
            SELECT 'marketing', reasons FROM rejected_marketing
        )
        GROUP BY source, reason
        ORDER BY n DESC, source, reason
    """
    return [RejectReason(*row) for row in connection.execute(sql).fetchall()]
