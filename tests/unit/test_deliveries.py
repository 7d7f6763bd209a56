"""One bronze object's bytes: what is accepted, and every reason to reject."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lakehouse.deliveries import MOST_ROWS, Accepted, Rejected, parse_delivery
from lakehouse.event_columns import EVENT_COLUMNS

from tests.support.parsed_deliveries import (
    GOOD,
    SCHEDULED,
    accepted,
    bronze,
    changed,
    envelope,
    reasons,
)


def test_a_good_delivery_is_accepted_with_its_key_and_moments():
    delivery = accepted(GOOD)
    assert (delivery.bronze_key, delivery.invitee_id, delivery.event) == (
        "k",
        "I1",
        "invitee.created",
    )
    assert delivery.created_at == datetime(2026, 1, 16, 10, tzinfo=UTC)
    assert delivery.start_time == datetime(2026, 1, 20, 15, tzinfo=UTC)
    assert delivery.ingestion_time == datetime(2026, 1, 16, 10, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "event",
    ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"],
)
def test_the_four_supported_events_are_accepted(event):
    assert accepted(changed("data.event", event)).event == event


NESTED = b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        GOOD + GOOD,
        GOOD.replace(b'"data"', b'"x": NaN, "data"'),
        GOOD.replace(b'"data"', b'"x": -Infinity, "data"'),
        GOOD.replace(b'"data"', b'"x": ' + b"7" * 5000 + b', "data"'),
        NESTED,
    ],
    ids=range(12),
)
def test_what_is_not_one_json_object_is_unparsable_and_kept_as_it_was(raw):
    delivery = parse_delivery("k", raw)
    assert delivery == Rejected("k", ("unparsable_json",), raw.decode(errors="replace"))


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("data.event", "invitee.teleported", {"unsupported_event"}),
        ("data.event", ..., {"unsupported_event"}),
        ("data.event", ["invitee.created"], {"unsupported_event"}),
        ("data.event", "Invitee.created", {"unsupported_event"}),
        ("data.payload.uri", ..., {"missing_invitee_id"}),
        ("data.payload.uri", None, {"missing_invitee_id"}),
        ("data.payload.uri", 7, {"missing_invitee_id"}),
        ("data.payload.uri", " / ", {"missing_invitee_id"}),
        (f"{SCHEDULED}.start_time", ..., {"missing_event_start_time"}),
        (f"{SCHEDULED}.start_time", 1768933800, {"missing_event_start_time"}),
        (SCHEDULED, [], {"missing_event_start_time"}),
        (f"{SCHEDULED}.start_time", "2026-02-30T15:00:00Z", {"invalid_timestamp"}),
        (f"{SCHEDULED}.start_time", "", {"invalid_timestamp"}),
        ("data.created_at", ..., {"invalid_timestamp"}),
        ("data.created_at", 1768933800, {"invalid_timestamp"}),
        ("data.created_at", "2026-01-16T10:05:02Z", {"created_after_ingestion"}),
        ("data.payload", None, {"missing_invitee_id", "missing_event_start_time"}),
        ("data.payload", [1], {"missing_invitee_id", "missing_event_start_time"}),
        ("data", {"event": {"invitee": "test_123"}}, {"unsupported_event"}),
        ("data", {"event": "routing_form_submission.created"}, {"unsupported_event"}),
        (
            "data",
            {"event": "invitee.created"},
            {"missing_invitee_id", "missing_event_start_time", "invalid_timestamp"},
        ),
    ],
)
def test_each_defect_is_rejected_with_all_its_reasons_and_no_other(path, value, expected):
    assert set(reasons(changed(path, value))) == expected


def test_created_at_may_be_up_to_five_minutes_after_ingestion():
    assert reasons(changed("data.created_at", "2026-01-16T10:05:01Z")) == ()
    assert reasons(changed("data.created_at", "2026-01-16T10:05:01.000001Z")) != ()


@pytest.mark.parametrize("ingested", [None, "yesterday", 5, ...])
def test_a_delivery_whose_ingestion_time_is_unreadable_cannot_be_after_it(ingested):
    assert accepted(changed("ingestion_time", ingested)).ingestion_time is None


def exploding(**lengths):
    data = envelope()
    scheduled = data["payload"]["scheduled_event"]
    data["payload"]["questions_and_answers"] = [{}] * lengths.get("questions", 0)
    scheduled["event_guests"] = [{}] * lengths.get("guests", 0)
    scheduled["event_memberships"] = [{}] * lengths.get("members", 0)
    numbers = [{}] * lengths.get("numbers", 0)
    scheduled["location"] = {"data": {"settings": {"global_dial_in_numbers": numbers}}}
    return json.dumps(bronze(data)).encode()


def test_a_body_may_explode_to_ten_thousand_rows_and_not_to_one_more():
    assert MOST_ROWS == 10_000
    assert reasons(exploding(questions=10, guests=10, members=10, numbers=10)) == ()
    assert reasons(exploding(questions=10_000)) == ()
    assert reasons(exploding(guests=10_001)) == ("too_many_rows",)
    assert reasons(exploding(questions=73, guests=137)) == ("too_many_rows",)


def test_a_body_of_ten_to_the_thirteenth_rows_is_refused_by_counting():
    raw = exploding(questions=1779, guests=1779, members=1779, numbers=1779)
    assert reasons(raw) == ("too_many_rows",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PATHS = sorted(
    {
        path
        for c in EVENT_COLUMNS
        for whole in [[*(c.array or "").split("."), *c.keys] if c.array else list(c.keys)]
        for depth in range(1, len(whole) + 1)
        for path in [".".join(whole[:depth])]
    }
)


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw):
    assert isinstance(parse_delivery("k", raw), (Accepted, Rejected))


@given(st.sampled_from([p for p in PATHS if "global_dial_in_numbers." not in p]), JSON)
def test_no_value_in_any_place_raises_and_every_accepted_text_is_utf8(path, value):
    whole = json.loads(GOOD)
    *parents, last = path.split(".")
    at = whole
    for name in parents:
        at = at.setdefault(name, {})
    at[last] = value
    delivery = parse_delivery("k", json.dumps(whole).encode())
    assert isinstance(delivery, (Accepted, Rejected))
    if isinstance(delivery, Accepted):
        texts = [text for text in delivery.scalars if isinstance(text, str)]
        assert [text.encode().decode() for text in texts] == texts
