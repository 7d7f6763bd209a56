"""Why gold changed: the deliveries and the spend between two versions of silver."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa

from pipeline.change_causes import (
    Cause,
    SpendChange,
    causes,
    of_channel,
    spend_changes,
    why,
)
from pipeline.delta_versions import Version
from pipeline.gold_history import made_from, other_code
from pipeline.table_changes import table_changes

DAY = date(2026, 1, 16)


def bookings(*rows):
    """(invitee, channel, event, status, rescheduled, key)"""
    names = ["invitee_id", "channel", "event", "status", "rescheduled", "bronze_key"]
    types = [pa.string()] * 4 + [pa.bool_(), pa.string()]
    schema = pa.schema([*zip(names, types, strict=True), ("booking_date", pa.date32())])
    dicts = [{**dict(zip(names, row, strict=True)), "booking_date": DAY} for row in rows]
    return pa.Table.from_pylist(dicts, schema)


BEFORE = bookings(
    ("a", "facebook", "invitee.created", "active", False, "k1"),
    ("b", "facebook", "invitee.created", "active", False, "k2"),
    ("c", "others", "invitee.created", "active", False, "k3"),
    ("d", "others", "invitee.created", "active", False, "k4"),
)
AFTER = bookings(
    ("a", "facebook", "invitee.canceled", "canceled", False, "k5"),
    ("b", "facebook", "invitee.canceled", "canceled", True, "k6"),
    ("c", "facebook", "invitee.created", "active", False, "k3"),
    ("d", "others", "invitee_no_show.created", "no_show", False, "k7"),
    ("e", "facebook", "invitee.created", "active", False, "k8"),
)
FOUND = causes(table_changes("fact_bookings", BEFORE, AFTER))


def test_each_delivery_says_what_it_did_to_its_booking_and_to_gold_s_counts():
    assert {(c.invitee_id, c.kind, c.bronze_key, tuple(c.effects.items())) for c in FOUND} == {
        ("a", "canceled", "k5", ()),
        ("b", "moved away", "k6", (("facebook", -1),)),
        ("c", "another channel", "k3", (("others", -1), ("facebook", 1))),
        ("d", "no-show", "k7", ()),
        ("e", "new booking", "k8", (("facebook", 1),)),
    }


def test_a_booking_that_begins_canceled_is_counted_and_one_that_begins_moved_is_not():
    new = causes(table_changes("fact_bookings", None, bookings(
        ("a", "x", "invitee.canceled", "canceled", False, "k1"),
        ("b", "x", "invitee.canceled", "canceled", True, "k2"),
    )))  # fmt: skip
    assert [(c.kind, c.effects) for c in new] == [("canceled", {"x": 1}), ("moved away", {})]


def test_a_booking_that_is_gone_is_taken_from_its_channel():
    gone = causes(table_changes("fact_bookings", BEFORE, BEFORE.slice(1)))
    assert [(c.kind, c.effects) for c in gone] == [("gone", {"facebook": -1})]


def test_a_channel_s_causes_are_those_that_touch_its_numbers():
    assert {c.invitee_id for c in of_channel(FOUND, "others")} == {"c", "d"}
    assert {c.invitee_id for c in of_channel(FOUND, "facebook")} == {"a", "b", "c", "e"}
    assert of_channel(FOUND, None) == FOUND


def test_why_is_one_sentence_of_deliveries_and_spend():
    spend = [SpendChange(DAY, "facebook", 10.0, 25.5), SpendChange(DAY, "tiktok", None, 1.0)]
    assert why("facebook", FOUND, spend) == (
        "4 deliveries: 1 new booking, 1 canceled, 1 moved away, 1 another channel;"
        " 1 more booking. Spend +15.50 USD on 1 day."
    )
    assert why("others", FOUND, []) == (
        "2 deliveries: 1 no-show, 1 another channel; 1 fewer booking. Spend did not change."
    )
    assert why("youtube", FOUND, spend) == "No delivery. Spend did not change."
    assert why(None, FOUND, []).startswith("5 deliveries: ")


def test_spend_is_compared_by_day_and_channel():
    columns = ["spend_date", "channel", "spend"]
    rows = [[DAY, DAY], ["facebook", "tiktok"], [10.0, 5.0]]
    before = pa.table(dict(zip(columns, rows, strict=True)))
    after = pa.table({"spend_date": [DAY], "channel": ["facebook"], "spend": [12.5]})
    assert spend_changes(table_changes("fact_marketing", before, after)) == [
        SpendChange(DAY, "facebook", 10.0, 12.5),
        SpendChange(DAY, "tiktok", 5.0, None),
    ]


def test_gold_is_made_from_what_its_commit_says_or_from_what_was_there_before_it():
    def version(number, minute, note=None):
        return Version(number, datetime(2026, 1, 20, 6, minute, tzinfo=UTC), "WRITE", note)

    silver = [version(3, 30), version(2, 20), version(1, 10)]
    note = '{"fact_bookings": {"version": 3, "etag": "x"}, "channels": "abc", "code": "def"}'
    assert made_from(version(9, 25, note), silver, "fact_bookings") == 3
    assert made_from(version(9, 25, note), silver, "fact_marketing") == 2
    assert made_from(version(9, 25), silver, "fact_bookings") == 2
    assert made_from(version(9, 5), silver, "fact_bookings") is None
    assert made_from(None, silver, "fact_bookings") is None


def test_a_change_of_code_is_told_beside_that_of_data():
    def version(note):
        return Version(1, datetime(2026, 1, 20, tzinfo=UTC), "WRITE", note)

    old, new = version('{"code": "a", "channels": "c"}'), version('{"code": "b", "channels": "c"}')
    assert other_code(old, new) == ["gold's code"]
    assert other_code(new, new) == []
    assert other_code(None, new) == []
    assert other_code(version("[]"), version(None)) == []


def test_a_cause_without_a_number_has_no_effects():
    assert Cause("a", "k", "e", "changed", "x", DAY).effects == {}
