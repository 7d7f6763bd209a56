"""From a number in gold to the bookings that it counts: a cell in, rows of silver out.

All functions ask a DuckDB connection that has the tables of silver under their own names. What a
table of gold counts is told in docs/data.md; `tests/spark` computes it a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

# Of each thing that bookings can be asked by, the condition; values may be texts.
CONDITIONS: Mapping[str, str] = {
    "from": "booking_date >= $from::DATE",
    "to": "booking_date <= $to::DATE",
    "booking_date": "booking_date = $booking_date::DATE",
    "channel": "channel = $channel",
    "channels": "list_contains($channels, channel)",
    "start_hour": (
        "date_trunc('hour', event_start_time) IS NOT DISTINCT FROM $start_hour::TIMESTAMP"
    ),
    "hour": "hour(event_start_time) = $hour::INT",
    "day_of_week": "dayofweek(event_start_time) + 1 = $day_of_week::INT",  # 1 = Sunday
    "member": "list_contains(employee_ids, $member)",
}
COUNTED = "NOT coalesce(rescheduled, false)"
# Of each outcome that a table counts, its condition: a moved booking counts at its new time only.
OUTCOMES: Mapping[str, str] = {
    "bookings": COUNTED,
    "canceled": f"{COUNTED} AND status = 'canceled'",
    "no_show": f"{COUNTED} AND status = 'no_show'",
    "net_bookings": f"{COUNTED} AND status NOT IN ('canceled', 'no_show')",
    "rescheduled": "coalesce(rescheduled, false)",
    "meetings": "status <> 'canceled' AND scheduled_event_id IS NOT NULL",
}
# Of each table of gold, what the columns of its key ask for.
CELLS: Mapping[str, Mapping[str, str]] = {
    "gold_daily_bookings_by_channel": {"booking_date": "booking_date", "channel": "channel"},
    "gold_cpb_by_channel": {"channel": "channel"},
    "gold_channel_attribution": {"channel": "channel"},
    "gold_booking_time_analysis": {
        "channel": "channel",
        "booking_hour": "hour",
        "booking_day_of_week": "day_of_week",
    },
    "gold_meeting_load_per_employee": {"user_id": "member"},
    "gold_booking_metrics": {
        "booking_date": "booking_date",
        "channel": "channel",
        "booking_hour": "start_hour",
    },
    "gold_booking_outcomes": {"channel": "channel"},
}
COLUMNS = (
    "invitee_id, channel, booking_date, event_start_time, status, rescheduled, event,"
    " event_created_at, employee_ids, scheduled_event_id, bronze_key"
)


class UnknownCellError(ValueError):
    """There is no such table, or its key has other columns."""


class Booking(NamedTuple):
    """A row of fact_bookings; `bronze_key` is the delivery that it was made of, its winner."""

    invitee_id: str
    channel: str
    booking_date: date
    event_start_time: datetime
    status: str
    rescheduled: bool | None
    event: str
    event_created_at: datetime
    employee_ids: list[str] | None
    scheduled_event_id: str | None
    bronze_key: str


class Spend(NamedTuple):
    """A row of fact_marketing, USD, and the object of bronze that it was made of."""

    spend_date: date
    channel: str
    spend: float
    bronze_key: str


@dataclass(frozen=True)
class Selection:
    """Bookings of an outcome (a name of OUTCOMES) that meet conditions (names of CONDITIONS)."""

    conditions: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "bookings"


def selection_of(table: str, key: Mapping[str, Any], column: str | None = None) -> Selection:
    """What a cell of gold counts; with part of a key, what all cells of that part count.

    Raises UnknownCellError.
    """
    if table not in CELLS:
        raise UnknownCellError(f"Expected a table of gold ({', '.join(CELLS)}), found {table!r}")
    names = CELLS[table]
    if unknown := [name for name in key if name not in names]:
        raise UnknownCellError(
            f"Expected columns of {table}'s key ({', '.join(names)}), found {', '.join(unknown)}"
        )
    usual = "meetings" if table == "gold_meeting_load_per_employee" else "bookings"
    outcome = column if column is not None and column in OUTCOMES else usual
    return Selection({names[name]: value for name, value in key.items()}, outcome)


def statement(selection: Selection, columns: str = COLUMNS) -> str:
    """The SELECT over fact_bookings; the conditions' values are its parameters."""
    chosen = [OUTCOMES[selection.outcome], *(CONDITIONS[name] for name in selection.conditions)]
    return f"SELECT {columns} FROM fact_bookings WHERE {' AND '.join(chosen)}"


def count(connection: Any, selection: Selection) -> int:
    sql = statement(selection, "count(*)")
    return int(connection.execute(sql, dict(selection.conditions)).fetchone()[0])


def bookings(connection: Any, selection: Selection, limit: int | None = None) -> list[Booking]:
    """The bookings, those that start first in front."""
    sql = f"{statement(selection)} ORDER BY event_start_time, invitee_id"
    if limit is not None:
        sql += f" LIMIT {limit:d}"
    rows = connection.execute(sql, dict(selection.conditions)).fetchall()
    return [Booking(*row) for row in rows]


def booking(connection: Any, invitee_id: str) -> Booking | None:
    """The booking of the invitee, or None where silver has none."""
    sql = f"SELECT {COLUMNS} FROM fact_bookings WHERE invitee_id = $id"
    row = connection.execute(sql, {"id": invitee_id}).fetchone()
    return None if row is None else Booking(*row)


def spend(connection: Any, selection: Selection) -> list[Spend]:
    """The spend that a cell's cost counts, oldest first: of its days and channels, all hours."""
    conditions = {
        name: value
        for name, value in selection.conditions.items()
        if name in ("from", "to", "booking_date", "channel", "channels")
    }
    chosen = " AND ".join(CONDITIONS[name] for name in conditions) or "true"
    sql = f"""
        SELECT booking_date, channel, spend, 'marketing/spend_date=' || booking_date || '.json'
        FROM (SELECT spend_date AS booking_date, channel, spend FROM fact_marketing)
        WHERE {chosen}
        ORDER BY booking_date, channel
    """
    return [Spend(*row) for row in connection.execute(sql, conditions).fetchall()]
