"""From a cell of gold to its bookings, to their deliveries in bronze, over literal rows."""

from __future__ import annotations

import json
from datetime import date, datetime

import duckdb
import pytest

from pipeline import deliveries, evidence
from pipeline.evidence import Selection, Spend, UnknownCellError, selection_of
from tests.support.dictionary_s3 import DictionaryS3

DAY = "events/event_date=2026-01-1"


@pytest.fixture
def silver():
    database = duckdb.connect()
    database.execute(f"""
        CREATE TABLE fact_bookings (invitee_id TEXT, channel TEXT, booking_date DATE,
            event_start_time TIMESTAMP, status TEXT, rescheduled BOOLEAN, event TEXT,
            event_created_at TIMESTAMP, employee_ids TEXT[], scheduled_event_id TEXT,
            bronze_key TEXT);
        INSERT INTO fact_bookings VALUES
            ('i1', 'facebook', '2026-01-18', '2026-01-18 09:30', 'active', false,
             'invitee.created', '2026-01-14 08:00', ['A'], 'e1', '{DAY}4/a'),
            ('i2', 'facebook', '2026-01-18', '2026-01-18 09:00', 'canceled', NULL,
             'invitee.canceled', '2026-01-15 12:00', ['A', 'B'], 'e2', '{DAY}5/c'),
            ('i3', 'facebook', '2026-01-19', '2026-01-19 23:59', 'no_show', false,
             'invitee_no_show.created', '2026-01-19 23:59', ['B'], NULL, '{DAY}9/a'),
            ('i4', 'youtube', '2026-01-18', '2026-01-18 10:00', 'canceled', true,
             'invitee.canceled', '2026-01-14 08:00', ['A'], 'e4', '{DAY}4/b');
        CREATE TABLE rejected_events (bronze_key TEXT, reasons TEXT[], raw TEXT);
        CREATE TABLE fact_marketing (spend_date DATE, channel TEXT, spend DOUBLE);
        INSERT INTO fact_marketing VALUES ('2026-01-17', 'facebook', 5.0),
            ('2026-01-18', 'facebook', 7.5), ('2026-01-18', 'youtube', 1.0);
    """)
    return database


@pytest.mark.parametrize(
    ("table", "key", "column", "found"),
    [
        ("gold_cpb_by_channel", {"channel": "facebook"}, "cpb", ["i2", "i1", "i3"]),
        ("gold_channel_attribution", {"channel": "youtube"}, None, []),
        ("gold_booking_outcomes", {"channel": "facebook"}, "canceled", ["i2"]),
        ("gold_booking_outcomes", {"channel": "facebook"}, "no_show", ["i3"]),
        ("gold_booking_outcomes", {"channel": "facebook"}, "net_bookings", ["i1"]),
        ("gold_booking_outcomes", {"channel": "youtube"}, "rescheduled", ["i4"]),
        (
            "gold_daily_bookings_by_channel",
            {"booking_date": "2026-01-18", "channel": "facebook"},
            "bookings_count",
            ["i2", "i1"],
        ),
        (
            "gold_booking_metrics",
            {
                "booking_date": date(2026, 1, 18),
                "channel": "facebook",
                "booking_hour": datetime(2026, 1, 18, 9),
            },
            None,
            ["i2", "i1"],
        ),
        (
            "gold_booking_metrics",
            {"booking_date": "2026-01-18", "channel": "facebook", "booking_hour": None},
            None,
            [],
        ),
        # 19 January 2026 is a Monday, which is Spark's second day of the week.
        (
            "gold_booking_time_analysis",
            {"channel": "facebook", "booking_hour": "23", "booking_day_of_week": "2"},
            None,
            ["i3"],
        ),
        ("gold_meeting_load_per_employee", {"user_id": "B"}, None, []),
        ("gold_meeting_load_per_employee", {"user_id": "A"}, None, ["i1"]),
    ],
)
def test_a_cell_lists_the_bookings_that_it_counts(silver, table, key, column, found):
    selection = selection_of(table, key, column)
    assert [b.invitee_id for b in evidence.bookings(silver, selection)] == found
    assert evidence.count(silver, selection) == len(found)


def test_an_unknown_table_or_key_is_told_with_what_there_is(silver):
    with pytest.raises(UnknownCellError, match="Expected a table of gold .*found 'gold_costs'"):
        selection_of("gold_costs", {})
    with pytest.raises(UnknownCellError, match=r"key \(channel\), found day"):
        selection_of("gold_cpb_by_channel", {"day": "2026-01-18"})


def test_a_cost_s_spend_is_of_the_cell_s_days_and_channel(silver):
    whole = evidence.spend(silver, selection_of("gold_cpb_by_channel", {"channel": "facebook"}))
    assert [row.spend for row in whole] == [5.0, 7.5]
    day = {"booking_date": "2026-01-18", "channel": "facebook", "booking_hour": "2026-01-18 09:00"}
    assert evidence.spend(silver, selection_of("gold_booking_metrics", day)) == [
        Spend(date(2026, 1, 18), "facebook", 7.5, "marketing/spend_date=2026-01-18.json")
    ]
    assert len(evidence.spend(silver, Selection({"from": "2026-01-18", "member": "A"}))) == 2


def delivered(invitee: str, event: str, at: str, **payload: str) -> bytes:
    body = {
        "event": event,
        "created_at": at,
        "payload": {"uri": f"https://x/invitees/{invitee}", **payload},
    }
    return json.dumps({"ingestion_time": "2026-01-20T00:00:00", "data": body}).encode()


def test_a_booking_s_deliveries_are_told_by_their_fate(silver):
    created = {"created_at": "2026-01-14T09:00:00.000000Z"}
    raw = delivered("i2", "invitee.created", "yesterday", **created)
    silver.execute(
        "INSERT INTO rejected_events VALUES (?, ['invalid_timestamp'], ?)",
        [f"{DAY}5/b", raw.decode()],
    )
    late = delivered("i2", "invitee_no_show.created", "2026-01-15T12:00:00Z", **created)
    s3 = DictionaryS3(
        {
            f"{DAY}3/a": delivered("i2", "invitee.created", "2026-01-13T09:00:00Z", **created),
            f"{DAY}4/a": delivered("i2", "invitee.created", "2026-01-14T09:00:00Z", **created),
            f"{DAY}4/b": delivered("i4", "invitee.canceled", "2026-01-14T08:00:00Z"),
            f"{DAY}4/z": delivered("i9", "invitee.created", "2026-01-14T08:00:00Z", old="i2"),
            f"{DAY}5/b": raw,
            f"{DAY}5/c": delivered("i2", "invitee.canceled", "2026-01-15T12:00:00.0Z", **created),
            f"{DAY}5/d": late,
        }
    )
    booking = evidence.booking(silver, "i2")
    found = deliveries.trail(s3, "bronze", silver, booking)
    assert [(d.bronze_key, d.fate, d.reasons) for d in found.deliveries] == [
        (f"{DAY}5/b", "rejected", ("invalid_timestamp",)),
        (f"{DAY}5/d", "waiting", ()),
        (f"{DAY}5/c", "winner", ()),
        (f"{DAY}4/a", "superseded", ()),
    ]
    assert (found.listed, found.read, found.is_whole) == (6, 6, True)
    cut = deliveries.trail(s3, "bronze", silver, booking, most=2)
    assert (cut.listed, cut.read, cut.is_whole) == (6, 2, False)


def test_a_winner_that_left_bronze_leaves_what_is_still_there(silver):
    found = deliveries.trail(DictionaryS3({}), "bronze", silver, evidence.booking(silver, "i1"))
    assert found == deliveries.Trail((), 0, 0)
    assert evidence.booking(silver, "nobody") is None
