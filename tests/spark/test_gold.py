"""The gold functions over literal silver rows."""

from __future__ import annotations

from datetime import date

import pytest
from lakehouse import gold_bookings, gold_spend
from pyspark.sql import functions as F

from tests.support.silver_facts import SPEND, rows


@pytest.fixture
def published(spark):
    """The published counts and spends, bookings as rows and spend over two days."""
    counts = {"others": 9330, "facebook": 283, "youtube": 8}
    names = F.explode(F.flatten(F.array(*(F.array_repeat(F.lit(c), n) for c, n in counts.items()))))
    bookings = spark.range(1).select(
        F.lit(date(2026, 1, 15)).alias("booking_date"),
        names.alias("channel"),
        F.lit("active").alias("status"),
        F.lit(False).alias("rescheduled"),
    )
    spend = [
        (date(2026, 1, 14), "facebook", 10260.40),
        (date(2026, 1, 15), "facebook", 10000.02),
        (date(2026, 1, 15), "youtube", 20207.43),
        (date(2026, 1, 15), "tiktok", 13593.57),
    ]
    return bookings, spark.createDataFrame(spend, SPEND)


def test_the_published_attribution_comes_out_exactly(published):
    assert rows(gold_spend.channel_attribution(*published)) == [
        ("facebook", 283, 20260.42, 20260.42 / 283, 2, 2),
        ("others", 9330, 0.0, 0.0, 1, 1),
        ("tiktok", 0, 13593.57, 0.0, 4, 1),
        ("youtube", 8, 20207.43, 2525.92875, 3, 3),
    ]


def test_the_published_cost_per_booking_comes_out_exactly(published):
    assert rows(gold_spend.cpb_by_channel(*published)) == [
        ("facebook", 283, 20260.42, pytest.approx(71.5915901, abs=1e-7)),
        ("others", 9330, 0.0, 0.0),
        ("tiktok", 0, 13593.57, 0.0),
        ("youtube", 8, 20207.43, 2525.92875),
    ]


def test_sums_of_spend_do_not_depend_on_the_order_of_the_rows(spark, facts):
    spends = [0.1, 0.2, 0.3, 1e9, 0.7, 33.33]
    days = [(date(2026, 1, day + 1), "tiktok", spend) for day, spend in enumerate(spends)]
    for order in (days, days[::-1]):
        totals = {
            r.channel: r.total_spend for r in gold_spend.cpb_by_channel(*facts([], order)).collect()
        }
        assert totals["tiktok"] == 1000000034.63


def test_every_booking_date_has_a_row_for_every_channel_and_its_iso_week(facts):
    bookings, _ = facts(
        [
            {"start": "2027-01-03T10:00:00", "channel": "youtube"},
            {"start": "2027-01-03T11:00:00", "channel": "youtube", "status": "canceled"},
            {"start": "2027-01-04T10:00:00", "status": "no_show"},
            {"start": "2027-01-05T10:00:00", "rescheduled": True, "status": "canceled"},
        ]
    )
    sunday, monday = date(2027, 1, 3), date(2027, 1, 4)
    assert rows(gold_bookings.daily_bookings_by_channel(bookings)) == [
        (sunday, "facebook", 0, 53),
        (sunday, "others", 0, 53),
        (sunday, "tiktok", 0, 53),
        (sunday, "youtube", 2, 53),
        (monday, "facebook", 0, 1),
        (monday, "others", 1, 1),
        (monday, "tiktok", 0, 1),
        (monday, "youtube", 0, 1),
    ]


def test_bookings_are_counted_by_the_utc_hour_and_weekday_of_their_start(facts):
    bookings, _ = facts(
        [
            {"start": "2026-01-18T23:59:59"},
            {"start": "2026-01-18T23:00:00"},
            {"start": "2026-01-19T00:00:00"},
            {"start": "2026-01-19T00:30:00", "channel": "tiktok"},
            {"start": "2026-01-20T00:30:00", "rescheduled": True},
        ]
    )
    assert rows(gold_bookings.booking_time_analysis(bookings)) == [
        ("others", 0, 2, 1),
        ("others", 23, 1, 2),
        ("tiktok", 0, 2, 1),
    ]


def test_a_meeting_loads_each_member_once_unless_all_its_bookings_are_canceled(facts):
    start = "2026-01-18T10:00:00"
    bookings, _ = facts(
        [
            {"start": start, "event": "group", "staff": ("ann", "bob")},
            {"start": start, "event": "group", "staff": ("ann", "bob"), "status": "no_show"},
            {"start": start, "event": "half", "staff": ("bob",), "status": "canceled"},
            {"start": start, "event": "half", "staff": ("bob",)},
            {"start": start, "event": "gone", "staff": ("ann", "eve"), "status": "canceled"},
            {"start": start, "event": "empty", "staff": ()},
        ]
    )
    assert rows(gold_bookings.meeting_load_per_employee(bookings)) == [("ann", 1), ("bob", 2)]


def test_outcomes_split_each_channels_bookings(facts):
    start = "2026-01-18T10:00:00"
    bookings, _ = facts(
        [
            {"start": start, "channel": "tiktok"},
            {"start": start, "channel": "tiktok", "status": "no_show"},
            {"start": start, "channel": "tiktok", "status": "canceled"},
            {"start": start, "channel": "tiktok", "status": "canceled"},
            {"start": start, "channel": "tiktok", "status": "canceled", "rescheduled": True},
            {"start": start, "rescheduled": None},
        ]
    )
    assert rows(gold_bookings.booking_outcomes(bookings)) == [
        ("facebook", 0, 0, 0, 0, 0),
        ("others", 1, 0, 0, 0, 1),
        ("tiktok", 4, 2, 1, 1, 1),
        ("youtube", 0, 0, 0, 0, 0),
    ]


def test_a_days_spend_is_shared_over_its_hours_by_bookings(facts):
    day, next_day = date(2026, 1, 18), date(2026, 1, 19)
    metrics = gold_spend.booking_metrics(
        *facts(
            [
                {"start": "2026-01-18T09:10:00", "channel": "tiktok"},
                {"start": "2026-01-18T09:50:00", "channel": "tiktok"},
                {"start": "2026-01-18T09:55:00", "channel": "tiktok"},
                {"start": "2026-01-18T15:00:00", "channel": "tiktok"},
                {"start": "2026-01-18T16:00:00", "channel": "tiktok", "rescheduled": True},
                {"start": "2026-01-18T09:00:00"},
            ],
            [(day, "tiktok", 100.0), (next_day, "tiktok", 7.5), (day, "youtube", 0.0)],
        )
    )
    assert rows(metrics.withColumn("booking_hour", F.col("booking_hour").cast("string"))) == [
        (day, "others", "2026-01-18 09:00:00", 3, 1, 0.0, 0.0),
        (day, "tiktok", "2026-01-18 09:00:00", 3, 3, 75.0, 25.0),
        (day, "tiktok", "2026-01-18 15:00:00", 3, 1, 25.0, 25.0),
        (day, "youtube", None, 3, 0, 0.0, 0.0),
        (next_day, "tiktok", None, 4, 0, 7.5, 0.0),
    ]


def test_sums_over_booking_metrics_equal_the_spend_of_any_day_and_channel(facts):
    spend = [
        (date(2026, 1, day), channel, round(day * 17.31 + len(channel), 2))
        for day in range(1, 11)
        for channel in ("tiktok", "youtube", "facebook")
    ]
    bookings = [
        {"start": f"2026-01-{1 + n % 12:02d}T{n * 7 % 24:02d}:30:00", "channel": channel}
        for n in range(60)
        for channel in ("others", "tiktok", "youtube")[: 1 + n % 3]
    ]
    metrics = gold_spend.booking_metrics(*facts(bookings, spend)).groupBy("booking_date", "channel")
    sums = metrics.agg(
        F.sum("total_spend").alias("s"), F.sum("total_bookings").alias("n")
    ).collect()
    expected = {(day, channel): value for day, channel, value in spend}
    assert {(r.booking_date, r.channel): r.s for r in sums if r.s} == pytest.approx(expected)
    assert sum(r.n for r in sums) == 120
