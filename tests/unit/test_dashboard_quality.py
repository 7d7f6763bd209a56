"""What the page Quality counts, and how it is told, from literal rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from dashboard.quality import facts, queries
from dashboard.quality.facts import RunAccount
from pipeline.freshness import Freshness, Source, Table
from pipeline.job_accounts import Account
from pipeline.reject_reasons import REASONS, reason

RUN_1, RUN_2 = "2026-01-20T06:00:00+00:00", "2026-01-21T06:00:00+00:00"
NOW = datetime(2026, 1, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def connection():
    database = duckdb.connect()
    database.execute(f"""
        CREATE TABLE rejected_events (bronze_key TEXT, reasons TEXT[], run TEXT);
        INSERT INTO rejected_events VALUES
            ('events/a', ['missing_invitee_id', 'invalid_timestamp'], '{RUN_1}'),
            ('events/b', ['invalid_timestamp', 'invalid_timestamp'], '{RUN_2}');
        CREATE TABLE rejected_marketing (bronze_key TEXT, reasons TEXT[], run TEXT);
        INSERT INTO rejected_marketing VALUES
            ('marketing/a', ['negative_spend'], '{RUN_1}'),
            ('marketing/a', ['negative_spend'], '{RUN_1}');
    """)
    return database


def test_rejects_are_counted_by_reason_and_a_row_with_two_reasons_counts_in_both(connection):
    assert queries.reject_reasons(connection) == [
        ("events", "invalid_timestamp", 2),
        ("marketing", "negative_spend", 2),
        ("events", "missing_invitee_id", 1),
    ]


def test_rejects_are_counted_by_the_run_that_found_them(connection):
    assert queries.rejected_by_run(connection) == [
        ("2026-01-20T06:00", "invalid_timestamp", 1),
        ("2026-01-20T06:00", "missing_invitee_id", 1),
        ("2026-01-20T06:00", "negative_spend", 2),
        ("2026-01-21T06:00", "invalid_timestamp", 1),
    ]


def test_many_runs_are_told_by_day(connection):
    connection.execute("""
        INSERT INTO rejected_events
        SELECT 'events/' || n, ['x'], strftime(TIMESTAMP '2026-02-01' + to_hours(n), '%Y-%m-%dT%H:%M:%S')
        FROM range(48) t(n)
    """)  # fmt: skip  # noqa: E501
    assert ("2026-02-01", "x", 24) in queries.rejected_by_run(connection)


def test_samples_are_of_the_newest_run_and_each_object_is_named_once(connection):
    assert queries.rejected_keys(connection, "invalid_timestamp", 5) == [
        ("events/b", RUN_2),
        ("events/a", RUN_1),
    ]
    assert queries.rejected_keys(connection, "negative_spend", 5) == [("marketing/a", RUN_1)]
    assert queries.rejected_keys(connection, "invalid_timestamp", 1) == [("events/b", RUN_2)]
    assert queries.rejected_keys(connection, "' OR true --", 5) == []


def test_every_code_of_silver_says_what_it_means_and_what_to_do():
    codes = {
        "unparsable_json", "unsupported_event", "missing_invitee_id", "missing_event_start_time",
        "invalid_timestamp", "created_after_ingestion", "too_many_rows", "invalid_spend",
        "negative_spend", "missing_spend", "unknown_channel", "invalid_date",
    }  # fmt: skip
    assert REASONS.keys() == codes
    assert all(one.meaning.endswith(".") and one.cure.endswith(".") for one in REASONS.values())
    assert "does not know" in reason("new_code").meaning


def deliveries(read, winners, superseded, rejected, drift=()):
    outcomes = {"winners": winners, "superseded": superseded, "rejected": rejected}
    return Account("objects", read, outcomes, drift=dict(drift), is_closed=True)


def test_the_accounts_of_runs_say_whether_they_add_up():
    right = RunAccount("run-2", NOW, {"SilverEvents": deliveries(10, 7, 2, 1)})
    wrong = RunAccount("run-1", NOW, {"SilverEvents": deliveries(10, 7, 2, 0)})
    none = RunAccount("run-0", NOW, {})
    assert [facts.account_row(one) for one in (right, wrong, none)] == [
        ["21 Jan, 12:00:00", "SilverEvents", "10 objects", "7 winners + 2 superseded + 1 rejected",
         "✓ adds up"],
        ["21 Jan, 12:00:00", "SilverEvents", "10 objects", "7 winners + 2 superseded + 0 rejected",
         "✕ 1 is missing"],
        ["21 Jan, 12:00:00", "–", "–", "It printed no account, or its log is gone.", ""],
    ]  # fmt: skip


def test_unknown_fields_are_summed_over_the_runs_the_most_frequent_first():
    runs = [
        RunAccount("b", NOW, {"S": deliveries(1, 1, 0, 0, {"mood": 1, "tint": 5})}),
        RunAccount("a", NOW - timedelta(days=1), {"S": deliveries(1, 1, 0, 0, {"mood": 2})}),
    ]
    assert facts.drift(runs) == [("tint", 5, 1, NOW), ("mood", 3, 2, NOW)]


def cards(delivery, *tables):
    found = Freshness((delivery, Source("marketing/", 3, NOW, 0)), tables)
    return [(card.label, card.moment, card.note) for card in facts.freshness_cards(found)]


def test_freshness_says_what_waits_and_whether_gold_is_behind():
    hour = NOW - timedelta(hours=1)
    assert cards(
        Source("events/", 12, NOW, 1),
        Table("fact_bookings", 4, NOW),
        Table("gold_cpb_by_channel", 2, hour, (("fact_bookings", 3, 4),)),
    ) == [
        ("Newest delivery", NOW, "1 waits for the next run"),
        ("Newest spend file", NOW, "Silver has read all 3"),
        ("Gold changed last", hour,
         "Silver is newer than 1 of its tables: run the pipeline"),
    ]  # fmt: skip
    quiet = cards(Source("events/", 0, None, 0), Table("gold_cpb_by_channel", 2, hour))
    assert quiet[0] == ("Newest delivery", None, "None has arrived")
    assert quiet[2] == ("Gold changed last", hour, "Made from today's silver")
    assert cards(Source("events/", 1, NOW, 1))[2] == (
        "Gold changed last", None, "No run has made it yet",
    )  # fmt: skip
