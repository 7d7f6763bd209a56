"""The dashboard's SQL over literal rows: every expected number is worked out by hand."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest

from dashboard.overview import queries
from dashboard.overview.queries import (
    ChannelTotal,
    DayOutcome,
    DayTotal,
    Filters,
    HourBookings,
    MeetingLoad,
)

WED, THU, FRI = date(2026, 1, 14), date(2026, 1, 15), date(2026, 1, 16)
ALL = Filters(WED, FRI)


@pytest.fixture
def connection():
    database = duckdb.connect()
    database.execute("""
        CREATE TABLE gold_cpb_by_channel AS
            SELECT unnest(['facebook', 'youtube', 'tiktok', 'others']) AS channel;
        CREATE TABLE gold_booking_metrics (booking_date DATE, channel TEXT,
            booking_hour TIMESTAMP, total_bookings INT, total_spend DOUBLE);
        INSERT INTO gold_booking_metrics VALUES
            ('2026-01-14', 'facebook', '2026-01-14 09:00', 2, 20.0),
            ('2026-01-14', 'facebook', '2026-01-14 15:00', 1, 10.0),
            ('2026-01-15', 'facebook', '2026-01-15 09:00', 1, 70.0),
            ('2026-01-15', 'youtube', '2026-01-15 09:00', 1, 40.0),
            ('2026-01-16', 'tiktok', NULL, 0, 12.5),
            ('2026-01-16', 'others', '2026-01-16 23:00', 5, 0.0);
        CREATE TABLE fact_bookings (booking_date DATE, channel TEXT, employee_email TEXT,
            employee_ids TEXT[], scheduled_event_id TEXT, event_start_time TIMESTAMP,
            status TEXT, rescheduled BOOLEAN);
        INSERT INTO fact_bookings VALUES
            ('2026-01-14', 'facebook', 'ana@example.com', ['A'], 'e1', '2026-01-14 09:30',
             'active', false),
            ('2026-01-14', 'facebook', 'ana@example.com', ['A', 'B'], 'e1', '2026-01-14 09:45',
             'no_show', false),
            ('2026-01-14', 'facebook', 'ben@example.com', ['B'], 'e2', '2026-01-14 15:10',
             'canceled', false),
            ('2026-01-15', 'youtube', 'ana@example.com', ['A'], 'e3', '2026-01-15 09:00',
             'active', false),
            ('2026-01-15', 'youtube', 'ana@example.com', ['A'], 'e4', '2026-01-15 10:00',
             'canceled', true),
            ('2026-01-16', 'others', NULL, NULL, NULL, '2026-01-16 23:59', 'active', NULL);
    """)
    return database


def test_totals_of_all_days_have_gold_numbers_and_dense_ranks(connection):
    assert queries.channel_totals(ALL).rows(connection) == [
        ChannelTotal("others", 5, 0.0, 0.0, 1, 1),
        ChannelTotal("facebook", 4, 100.0, 25.0, 2, 2),
        ChannelTotal("youtube", 1, 40.0, 40.0, 3, 3),
        ChannelTotal("tiktok", 0, 12.5, 0.0, 4, 1),
    ]


def test_both_dates_of_the_range_are_included_and_other_days_are_not(connection):
    totals = queries.channel_totals(Filters(THU, THU)).rows(connection)
    assert {t.channel: (t.bookings, t.spend) for t in totals} == {
        "facebook": (1, 70.0),
        "youtube": (1, 40.0),
        "tiktok": (0, 0.0),
        "others": (0, 0.0),
    }


def test_only_the_chosen_channels_are_ranked(connection):
    totals = queries.channel_totals(Filters(WED, FRI, ("youtube", "facebook"))).rows(connection)
    assert totals == [
        ChannelTotal("facebook", 4, 100.0, 25.0, 1, 1),
        ChannelTotal("youtube", 1, 40.0, 40.0, 2, 2),
    ]


def test_an_employee_has_counted_bookings_but_neither_spend_nor_cost(connection):
    totals = queries.channel_totals(Filters(WED, FRI, member="A")).rows(connection)
    assert totals == [
        ChannelTotal("facebook", 2, None, None, 1, None),
        ChannelTotal("youtube", 1, None, None, 2, None),
        ChannelTotal("others", 0, None, None, 3, None),
        ChannelTotal("tiktok", 0, None, None, 3, None),
    ]


def test_a_canceled_booking_that_was_not_moved_counts_for_its_member(connection):
    totals = queries.channel_totals(Filters(WED, FRI, member="B")).rows(connection)
    assert totals[0] == ChannelTotal("facebook", 2, None, None, 1, None)


def test_spend_shared_over_hours_adds_up_to_the_amount_itself(connection):
    connection.execute("""
        INSERT INTO gold_booking_metrics
        SELECT DATE '2026-02-01', 'youtube', TIMESTAMP '2026-02-01' + INTERVAL (i) HOUR, 1, 0.1
        FROM range(10) t(i)
    """)
    (youtube,) = queries.channel_totals(
        Filters(date(2026, 2, 1), date(2026, 2, 1), ("youtube",))
    ).rows(connection)
    assert sum([0.1] * 10) != 1.0
    assert (youtube.bookings, youtube.spend) == (10, 1.0)


def test_published_totals_give_the_published_costs_and_ranks(connection):
    connection.execute("""
        DELETE FROM gold_booking_metrics;
        INSERT INTO gold_booking_metrics VALUES
            ('2026-01-14', 'others', '2026-01-14 09:00', 9330, 0.0),
            ('2026-01-14', 'facebook', '2026-01-14 09:00', 283, 20260.42),
            ('2026-01-14', 'youtube', '2026-01-14 09:00', 8, 20207.43),
            ('2026-01-14', 'tiktok', NULL, 0, 13593.57)
    """)
    totals = queries.channel_totals(ALL).rows(connection)
    assert [(t.channel, t.cpb, t.rank_by_volume, t.rank_by_cpb) for t in totals] == [
        ("others", 0.0, 1, 1),
        ("facebook", pytest.approx(71.5915901), 2, 2),
        ("youtube", pytest.approx(2525.92875), 3, 3),
        ("tiktok", 0.0, 4, 1),
    ]


def test_days_have_bookings_and_spend_by_channel(connection):
    assert queries.day_totals(ALL).rows(connection) == [
        DayTotal(WED, "facebook", 3, 30.0),
        DayTotal(THU, "facebook", 1, 70.0),
        DayTotal(THU, "youtube", 1, 40.0),
        DayTotal(FRI, "others", 5, 0.0),
        DayTotal(FRI, "tiktok", 0, 12.5),
    ]


def test_hours_are_grouped_by_weekday_from_monday(connection):
    assert queries.hours_by_weekday(ALL).rows(connection) == [
        HourBookings(3, 9, 2),
        HourBookings(3, 15, 1),
        HourBookings(4, 9, 2),
        HourBookings(5, 23, 5),
    ]


def test_hours_of_a_member_come_from_the_bookings_own_start(connection):
    filters = Filters(WED, FRI, member="A")
    assert queries.hours_by_weekday(filters).rows(connection) == [
        HourBookings(3, 9, 2),
        HourBookings(4, 9, 1),
    ]


def test_meeting_load_counts_an_event_once_and_leaves_canceled_bookings_out(connection):
    assert queries.meeting_load(ALL).rows(connection) == [MeetingLoad("A", 2), MeetingLoad("B", 1)]


def test_meeting_load_follows_dates_channel_and_member(connection):
    assert queries.meeting_load(Filters(THU, FRI)).rows(connection) == [MeetingLoad("A", 1)]
    assert queries.meeting_load(Filters(WED, FRI, ("youtube",))).rows(connection) == [
        MeetingLoad("A", 1)
    ]
    assert queries.meeting_load(Filters(WED, FRI, member="B")).rows(connection) == [
        MeetingLoad("B", 1)
    ]


def test_bounds_span_days_with_bookings_or_spend_and_are_none_without_rows(connection):
    connection.execute("INSERT INTO fact_bookings (booking_date) VALUES ('2026-01-20')")
    assert queries.date_bounds(connection) == (WED, date(2026, 1, 20))
    connection.execute("DELETE FROM fact_bookings; DELETE FROM gold_booking_metrics")
    assert queries.date_bounds(connection) is None


def test_the_configured_channels_are_the_choices(connection):
    assert queries.channels(connection) == ["facebook", "others", "tiktok", "youtube"]


def test_outcomes_of_a_day_leave_moved_bookings_out(connection):
    assert queries.day_outcomes(ALL).rows(connection) == [DayOutcome(WED, 1, 1)]
    of_ben = Filters(WED, FRI, ("facebook",), "B")
    assert queries.day_outcomes(of_ben).rows(connection) == [DayOutcome(WED, 1, 1)]
    assert queries.day_outcomes(Filters(THU, FRI)).rows(connection) == []


def test_a_period_s_previous_one_is_as_long_and_ends_the_day_before():
    week = Filters(date(2026, 3, 1), date(2026, 3, 7), ("youtube",), "A")
    assert week.previous == Filters(date(2026, 2, 22), date(2026, 2, 28), ("youtube",), "A")
    assert ALL.previous == Filters(date(2026, 1, 11), date(2026, 1, 13))


def test_the_newest_full_day_has_both_bookings_and_spend(connection):
    assert queries.last_full_day(connection) == FRI
    connection.execute("DELETE FROM gold_booking_metrics WHERE channel = 'tiktok'")
    assert queries.last_full_day(connection) == THU
    connection.execute("DELETE FROM gold_booking_metrics WHERE total_bookings > 0")
    assert queries.last_full_day(connection) is None


@pytest.mark.parametrize(
    "query",
    [
        queries.channel_totals,
        queries.day_totals,
        queries.day_outcomes,
        queries.hours_by_weekday,
        queries.meeting_load,
    ],
)
@pytest.mark.parametrize("member", [None, "A", "it's"])
def test_the_statement_that_is_shown_gives_the_numbers_of_the_page(connection, query, member):
    asked = query(Filters(WED, FRI, ("facebook", "youtube"), member))
    shown = connection.execute(asked.text).fetchall()
    assert "$" not in asked.text
    assert shown == [tuple(row) for row in asked.rows(connection)]
    assert asked.table(connection).num_rows == len(shown)


def test_text_of_a_filter_is_a_value_and_never_sql(connection):
    hostile = "x' OR 1=1 --"
    totals = queries.channel_totals(Filters(WED, FRI, (hostile,), hostile)).rows(connection)
    assert totals == []
    assert connection.execute("SELECT max(event_start_time) FROM fact_bookings").fetchone() == (
        datetime(2026, 1, 16, 23, 59),
    )
