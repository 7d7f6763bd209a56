"""The gold tables as they are written: columns, dates that go, runs that change nothing."""

from __future__ import annotations

from datetime import date

import pytest
from lakehouse.delta_tables import read_table
from lakehouse.gold import GOLD_TABLES, MissingSilverTableError, read_silver, write_gold

from tests.support.silver_facts import rows


def test_without_facts_every_channel_has_zeros_and_dated_tables_are_empty(facts, tmp_path):
    gold = str(tmp_path)
    bookings, spend = facts([])
    made = write_gold(bookings, spend, gold)
    assert {name: table.rows for name, table in made.items()} == {
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
    assert [commits for commits, _ in first] == [1] * 7


def test_a_missing_silver_table_says_which_jobs_to_run(spark, tmp_path):
    with pytest.raises(MissingSilverTableError, match="fact_bookings.*run the silver jobs first"):
        read_silver(spark, str(tmp_path), "fact_bookings")
