"""Every SQL statement of the overview: a DuckDB connection and filters in, rows out.

Without an employee the numbers come from gold_booking_metrics. With one they come from
fact_bookings by gold's definitions, and spend, which nobody records per employee, is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Filters:
    """Both dates are included; no channels means every channel, no employee everybody."""

    start: date
    end: date
    channels: tuple[str, ...] = ()
    employee: str | None = None


class ChannelTotal(NamedTuple):
    """A channel in the selection; `cpb` is 0.0 without bookings, as gold has it."""

    channel: str
    bookings: int
    spend: float | None
    cpb: float | None
    rank_by_volume: int
    rank_by_cpb: int | None


class DailyBookings(NamedTuple):
    booking_date: date
    channel: str
    bookings: int


class HourBookings(NamedTuple):
    """Bookings that start in an hour (0 to 23, UTC) of a weekday (1 = Monday)."""

    weekday: int
    hour: int
    bookings: int


class MeetingLoad(NamedTuple):
    user_id: str
    meetings: int


GOLD_SELECTION = """
    SELECT booking_date, channel, booking_hour, total_bookings AS bookings, total_spend AS spend
    FROM gold_booking_metrics
    WHERE booking_date BETWEEN $start AND $end
      AND (len($channels) = 0 OR list_contains($channels, channel))
"""
EMPLOYEE_SELECTION = """
    SELECT booking_date, channel, event_start_time AS booking_hour, 1 AS bookings,
           NULL::DOUBLE AS spend
    FROM fact_bookings
    WHERE booking_date BETWEEN $start AND $end
      AND (len($channels) = 0 OR list_contains($channels, channel))
      AND NOT coalesce(rescheduled, false)
      AND employee_email = $employee
"""


def channel_totals(connection: Any, filters: Filters) -> list[ChannelTotal]:
    """One row per configured channel of the selection, most bookings first."""
    # Shared spend is a sum of fractions: rounding gives back the amounts that gold compares.
    spend = "NULL::DOUBLE" if filters.employee else "round(coalesce(sum(spend), 0.0), 6)"
    sql = f"""
        WITH selected AS ({_selection(filters)}),
        totals AS (
            SELECT channel, coalesce(sum(bookings), 0)::BIGINT AS bookings, {spend} AS spend
            FROM (SELECT channel FROM gold_cpb_by_channel) LEFT JOIN selected USING (channel)
            WHERE len($channels) = 0 OR list_contains($channels, channel)
            GROUP BY channel
        ),
        costs AS (
            SELECT *, CASE WHEN bookings > 0 THEN spend / bookings
                           WHEN spend IS NOT NULL THEN 0.0 END AS cpb
            FROM totals
        )
        SELECT channel, bookings, spend, cpb,
               dense_rank() OVER (ORDER BY bookings DESC),
               CASE WHEN cpb IS NOT NULL THEN dense_rank() OVER (ORDER BY cpb) END
        FROM costs
        ORDER BY bookings DESC, channel
    """
    return [ChannelTotal(*row) for row in _rows(connection, sql, filters)]


def daily_bookings(connection: Any, filters: Filters) -> list[DailyBookings]:
    """Days and channels with bookings, oldest first."""
    sql = f"""
        SELECT booking_date, channel, sum(bookings)::BIGINT
        FROM ({_selection(filters)})
        GROUP BY booking_date, channel HAVING sum(bookings) > 0
        ORDER BY booking_date, channel
    """
    return [DailyBookings(*row) for row in _rows(connection, sql, filters)]


def hours_by_weekday(connection: Any, filters: Filters) -> list[HourBookings]:
    """Weekdays and hours with bookings."""
    sql = f"""
        SELECT isodow(booking_hour), hour(booking_hour), sum(bookings)::BIGINT
        FROM ({_selection(filters)})
        WHERE booking_hour IS NOT NULL
        GROUP BY 1, 2 HAVING sum(bookings) > 0
        ORDER BY 1, 2
    """
    return [HourBookings(*row) for row in _rows(connection, sql, filters)]


def meeting_load(connection: Any, filters: Filters) -> list[MeetingLoad]:
    """Distinct scheduled events per member with a booking that is not canceled, most first."""
    sql = """
        SELECT user_id, count(DISTINCT scheduled_event_id) AS meetings
        FROM (
            SELECT unnest(employee_ids) AS user_id, scheduled_event_id
            FROM fact_bookings
            WHERE booking_date BETWEEN $start AND $end
              AND (len($channels) = 0 OR list_contains($channels, channel))
              AND ($employee IS NULL OR employee_email = $employee)
              AND status <> 'canceled' AND scheduled_event_id IS NOT NULL
        )
        GROUP BY user_id
        ORDER BY meetings DESC, user_id
    """
    return [MeetingLoad(*row) for row in _rows(connection, sql, filters, employee=True)]


def date_bounds(connection: Any) -> tuple[date, date] | None:
    """The first and last day with a booking or with spend; None where there is neither."""
    sql = """
        SELECT min(booking_date), max(booking_date)
        FROM (SELECT booking_date FROM gold_booking_metrics
              UNION ALL SELECT booking_date FROM fact_bookings)
    """
    first, last = connection.execute(sql).fetchone()
    return None if first is None else (first, last)


def channels(connection: Any) -> list[str]:
    rows = connection.execute("SELECT channel FROM gold_cpb_by_channel ORDER BY channel")
    return [channel for (channel,) in rows.fetchall()]


def employees(connection: Any) -> list[str]:
    sql = """
        SELECT DISTINCT employee_email FROM fact_bookings
        WHERE employee_email IS NOT NULL ORDER BY employee_email
    """
    return [email for (email,) in connection.execute(sql).fetchall()]


def _selection(filters: Filters) -> str:
    return EMPLOYEE_SELECTION if filters.employee else GOLD_SELECTION


def _rows(connection: Any, sql: str, filters: Filters, employee: bool = False) -> list[tuple]:
    values: dict[str, Any] = {
        "start": filters.start,
        "end": filters.end,
        "channels": list(filters.channels),
    }
    if employee or filters.employee:
        values["employee"] = filters.employee
    rows: list[tuple] = connection.execute(sql, values).fetchall()
    return rows
