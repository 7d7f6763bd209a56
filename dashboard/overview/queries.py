"""Every SQL statement of the overview: filters in, queries out.

Without a member the numbers come from gold_booking_metrics. With one they come from fact_bookings
by gold's definitions, and spend, which nobody records per member, is None. What became of a booking
(canceled, no-show) is in gold without its day, so it comes from fact_bookings too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from dashboard.query import Query


@dataclass(frozen=True)
class Filters:
    """Both dates are included; no channels means every channel, no member everybody."""

    start: date
    end: date
    channels: tuple[str, ...] = ()
    member: str | None = None

    @property
    def previous(self) -> Filters:
        """As many days, directly before."""
        days = self.end - self.start
        before = self.start - timedelta(days=1)
        return Filters(before - days, before, self.channels, self.member)

    @property
    def values(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "end": self.end,
            "channels": list(self.channels),
            "member": self.member,
        }


class ChannelTotal(NamedTuple):
    """A channel in the selection; `cpb` is 0.0 without bookings, as gold has it."""

    channel: str
    bookings: int
    spend: float | None
    cpb: float | None
    rank_by_volume: int
    rank_by_cpb: int | None


class DayTotal(NamedTuple):
    """A day and channel of the selection with bookings or spend."""

    booking_date: date
    channel: str
    bookings: int
    spend: float | None


class DayOutcome(NamedTuple):
    booking_date: date
    canceled: int
    no_show: int


class HourBookings(NamedTuple):
    """Bookings that start in an hour (0 to 23, UTC) of a weekday (1 = Monday)."""

    weekday: int
    hour: int
    bookings: int


class MeetingLoad(NamedTuple):
    user_id: str
    meetings: int


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GOLD_SELECTION = """
    SELECT booking_date, channel, booking_hour, total_bookings AS bookings, total_spend AS spend
    FROM gold_booking_metrics
    WHERE booking_date BETWEEN $start AND $end
      AND (len($channels::TEXT[]) = 0 OR list_contains($channels::TEXT[], channel))
"""
COUNTED = """
    FROM fact_bookings
    WHERE booking_date BETWEEN $start AND $end
      AND (len($channels::TEXT[]) = 0 OR list_contains($channels::TEXT[], channel))
      AND ($member::TEXT IS NULL OR list_contains(employee_ids, $member::TEXT))
      AND NOT coalesce(rescheduled, false)
"""
MEMBER_SELECTION = f"""
    SELECT booking_date, channel, event_start_time AS booking_hour, 1 AS bookings,
           NULL::DOUBLE AS spend
    {COUNTED}
"""


def channel_totals(filters: Filters) -> Query[ChannelTotal]:
    """One row per configured channel of the selection, most bookings first."""
    # Shared spend is a sum of fractions: rounding gives back the amounts that gold compares.
    spend = "NULL::DOUBLE" if filters.member else "round(coalesce(sum(spend), 0.0), 6)"
    sql = f"""
        WITH selected AS ({_selection(filters)}),
        totals AS (
            SELECT channel, coalesce(sum(bookings), 0)::BIGINT AS bookings, {spend} AS spend
            FROM (SELECT channel FROM gold_cpb_by_channel) LEFT JOIN selected USING (channel)
            WHERE len($channels::TEXT[]) = 0 OR list_contains($channels::TEXT[], channel)
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
    return Query(ChannelTotal, sql, filters.values)


def day_totals(filters: Filters) -> Query[DayTotal]:
    """Days and channels with bookings or spend, oldest first."""
    sql = f"""
        SELECT booking_date, channel, sum(bookings)::BIGINT, round(sum(spend), 6)
        FROM ({_selection(filters)})
        GROUP BY booking_date, channel HAVING sum(bookings) > 0 OR sum(spend) > 0
        ORDER BY booking_date, channel
    """
    return Query(DayTotal, sql, filters.values)


def day_outcomes(filters: Filters) -> Query[DayOutcome]:
    """Days with bookings that were canceled or whose invitee did not come, oldest first."""
    sql = f"""
        SELECT booking_date, count(*) FILTER (status = 'canceled'),
               count(*) FILTER (status = 'no_show')
        {COUNTED}
          AND status IN ('canceled', 'no_show')
        GROUP BY booking_date
        ORDER BY booking_date
    """
    return Query(DayOutcome, sql, filters.values)


def hours_by_weekday(filters: Filters) -> Query[HourBookings]:
    """Weekdays and hours with bookings."""
    sql = f"""
        SELECT isodow(booking_hour), hour(booking_hour), sum(bookings)::BIGINT
        FROM ({_selection(filters)})
        WHERE booking_hour IS NOT NULL
        GROUP BY 1, 2 HAVING sum(bookings) > 0
        ORDER BY 1, 2
    """
    return Query(HourBookings, sql, filters.values)


def meeting_load(filters: Filters) -> Query[MeetingLoad]:
    """Distinct scheduled events per member with a booking that is not canceled, most first."""
    sql = """
        SELECT user_id, count(DISTINCT scheduled_event_id) AS meetings
        FROM (
            SELECT unnest(employee_ids) AS user_id, scheduled_event_id
            FROM fact_bookings
            WHERE booking_date BETWEEN $start AND $end
              AND (len($channels::TEXT[]) = 0 OR list_contains($channels::TEXT[], channel))
              AND status <> 'canceled' AND scheduled_event_id IS NOT NULL
        )
        WHERE $member::TEXT IS NULL OR user_id = $member::TEXT
        GROUP BY user_id
        ORDER BY meetings DESC, user_id
    """
    return Query(MeetingLoad, sql, filters.values)


def date_bounds(connection: Any) -> tuple[date, date] | None:
    """The first and last day with a booking or with spend; None where there is neither."""
    sql = """
        SELECT min(booking_date), max(booking_date)
        FROM (SELECT booking_date FROM gold_booking_metrics
              UNION ALL SELECT booking_date FROM fact_bookings)
    """
    first, last = connection.execute(sql).fetchone()
    return None if first is None else (first, last)


def last_full_day(connection: Any) -> date | None:
    """The newest day with both bookings and spend: a period up to it has a cost that means
    something, where spend is recorded late and bookings are made ahead."""
    sql = """
        SELECT max(booking_date) FROM (
            SELECT booking_date FROM gold_booking_metrics GROUP BY booking_date
            HAVING sum(total_bookings) > 0 AND sum(total_spend) > 0)
    """
    found: date | None = connection.execute(sql).fetchone()[0]
    return found


def channels(connection: Any) -> list[str]:
    rows = connection.execute("SELECT channel FROM gold_cpb_by_channel ORDER BY channel")
    return [channel for (channel,) in rows.fetchall()]


def _selection(filters: Filters) -> str:
    return MEMBER_SELECTION if filters.member else GOLD_SELECTION
