"""The gold functions over literal silver rows, and the tables they are written to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lakehouse import gold_bookings, gold_spend
from lakehouse.delta_tables import read_table
from lakehouse.gold import GOLD_TABLES, MissingSilverTableError, read_silver, write_gold
from pyspark.sql import functions as F

BOOKINGS = (
    "booking_date date, channel string, event_start_time timestamp, status string, "
    "rescheduled boolean, scheduled_event_id string, employee_ids array<string>"
)
SPEND = "spend_date date, channel string, spend double"


def booking(start, channel="others", status="active", rescheduled=False, event="e", staff=("ann",)):
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return (moment.date(), channel, moment, status, rescheduled, event, list(staff))


def rows(frame):
    return sorted((tuple(row) for row in frame.collect()), key=str)


@pytest.fixture
def facts(spark):
    def make(bookings, spend=()):
        return (
            spark.createDataFrame([booking(**b) for b in bookings], BOOKINGS),
            spark.createDataFrame(list(spend), SPEND),
        )

    return make


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


def test_without_facts_every_channel_has_zeros_and_dated_tables_are_empty(facts, tmp_path):
    gold = str(tmp_path)
    bookings, spend = facts([])
    assert write_gold(bookings, spend, gold) == {
        "gold_daily_bookings_by_channel": 0,
        "gold_cpb_by_channel": 4,
        "gold_channel_attribution": 4,
        "gold_booking_time_analysis": 0,
        "gold_meeting_load_per_employee": 0,
        "gold_booking_metrics": 0,
        "gold_booking_outcomes": 4,
    }
    names = ["facebook", "others", "tiktok", "youtube"]
    table = read_table(bookings.sparkSession, f"{gold}/gold_channel_attribution")
    assert rows(table) == [(name, 0, 0.0, 0.0, 1, 1) for name in names]


def test_tables_have_the_documented_columns(facts, tmp_path):
    bookings, spend = facts([])
    write_gold(bookings, spend, str(tmp_path))
    columns = {
        t.name: read_table(bookings.sparkSession, f"{tmp_path}/{t.name}").dtypes
        for t in GOLD_TABLES
    }
    cpb = [
        ("channel", "string"),
        ("total_bookings_count", "bigint"),
        ("total_spend", "double"),
        ("cpb", "double"),
    ]
    assert columns == {
        "gold_daily_bookings_by_channel": [
            ("booking_date", "date"),
            ("channel", "string"),
            ("bookings_count", "bigint"),
            ("booking_week", "int"),
        ],
        "gold_cpb_by_channel": cpb,
        "gold_channel_attribution": [*cpb, ("rank_by_volume", "int"), ("rank_by_cpb", "int")],
        "gold_booking_time_analysis": [
            ("channel", "string"),
            ("booking_hour", "int"),
            ("booking_day_of_week", "int"),
            ("bookings_count", "bigint"),
        ],
        "gold_meeting_load_per_employee": [
            ("user_id", "string"),
            ("total_meetings_count", "bigint"),
        ],
        "gold_booking_metrics": [
            ("booking_date", "date"),
            ("channel", "string"),
            ("booking_hour", "timestamp"),
            ("booking_week", "int"),
            ("total_bookings", "int"),
            ("total_spend", "double"),
            ("cost_per_booking", "double"),
        ],
        "gold_booking_outcomes": [("channel", "string")]
        + [
            (name, "bigint")
            for name in ("bookings", "canceled", "rescheduled", "no_show", "net_bookings")
        ],
    }


def test_a_date_disappears_when_its_only_booking_is_moved_away(spark, facts, tmp_path):
    spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
    gold, daily = str(tmp_path), f"{tmp_path}/gold_daily_bookings_by_channel"
    kept = {"start": "2026-01-18T10:00:00"}
    old = {"start": "2026-01-19T10:00:00"}
    new = {"start": "2026-01-20T10:00:00"}
    try:
        write_gold(*facts([kept, old]), gold)
        write_gold(*facts([kept, {**old, "status": "canceled", "rescheduled": True}, new]), gold)
    finally:
        spark.conf.unset("spark.sql.sources.partitionOverwriteMode")
    dates = {row.booking_date for row in read_table(spark, daily).collect()}
    assert dates == {date(2026, 1, 18), date(2026, 1, 20)}


def test_a_second_run_over_the_same_facts_commits_nothing(spark, facts, tmp_path):
    tables = [f"{tmp_path}/{t.name}" for t in GOLD_TABLES]
    bookings, spend = facts(
        [{"start": "2026-01-18T10:00:00", "channel": "tiktok"}, {"start": "2026-01-18T11:00:00"}],
        [(date(2026, 1, 18), "tiktok", 12.5), (date(2026, 1, 17), "youtube", 1.25)],
    )

    def state():
        return [
            (spark.sql(f"DESCRIBE HISTORY delta.`{path}`").count(), rows(read_table(spark, path)))
            for path in tables
        ]

    write_gold(bookings, spend, str(tmp_path))
    first = state()
    write_gold(bookings, spend, str(tmp_path))
    assert state() == first
    assert [commits for commits, _ in first] == [2] * 7


def test_a_missing_silver_table_says_which_jobs_to_run(spark, tmp_path):
    with pytest.raises(MissingSilverTableError, match="fact_bookings.*run the silver jobs first"):
        read_silver(spark, str(tmp_path), "fact_bookings")
