"""One bronze object's bytes: what is accepted, with which values, and every reason to reject."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lakehouse.deliveries import MOST_ROWS, Accepted, Rejected, parse_delivery
from lakehouse.event_columns import ARRAYS, EVENT_COLUMNS, SCALARS

SCHEDULED = "data.payload.scheduled_event"


def envelope():
    return {
        "event": "invitee.created",
        "created_at": "2026-01-16T10:00:00.000000Z",
        "payload": {
            "uri": "https://api.calendly.com/scheduled_events/E1/invitees/I1",
            "scheduled_event": {"start_time": "2026-01-20T15:00:00Z"},
        },
    }


def bronze(data, ingested="2026-01-16T10:00:01.000000"):
    return {"ingestion_time": ingested, "source": "calendly_webhook", "data": data}


def changed(path, value):
    """The bytes of a good object in which the path holds the value (`...` removes it)."""
    whole = bronze(envelope())
    *parents, last = path.split(".")
    at = whole
    for name in parents:
        at = at.setdefault(name, {})
    at[last] = value
    if value is ...:
        del at[last]
    return json.dumps(whole).encode()


def accepted(raw):
    delivery = parse_delivery("k", raw)
    assert isinstance(delivery, Accepted), delivery
    return delivery


def reasons(raw):
    delivery = parse_delivery("k", raw)
    return delivery.reasons if isinstance(delivery, Rejected) else ()


def column(delivery, name):
    return delivery.scalars[[c.name for c in SCALARS].index(name)]


def elements(delivery, array):
    return delivery.arrays[ARRAYS.index(array)]


GOOD = json.dumps(bronze(envelope())).encode()


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
        (
            "data",
            {"event": {"invitee": "test_123"}},
            {
                "unsupported_event",
                "missing_invitee_id",
                "missing_event_start_time",
                "invalid_timestamp",
            },
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


@pytest.mark.parametrize(
    ("path", "value", "name", "expected"),
    [
        ("data.payload.email", "  A@Example.com ", "data_payload_email", "  A@Example.com "),
        ("data.payload.email", 5, "data_payload_email", None),
        ("data.payload.rescheduled", True, "data_payload_rescheduled", True),
        ("data.payload.rescheduled", "true", "data_payload_rescheduled", None),
        ("data.payload.rescheduled", 1, "data_payload_rescheduled", None),
        ("data.payload.no_show", {"uri": "é"}, "data_payload_no_show", '{"uri":"é"}'),
        ("data.payload.no_show", None, "data_payload_no_show", None),
        ("data.payload.no_show", "yes", "data_payload_no_show", None),
        ("data.payload.payment", {"amount": 1.5}, "data_payload_payment", '{"amount":1.5}'),
        ("data.payload.tracking", "x", "data_payload_tracking_utm_source", None),
        ("data.payload.text_reminder_number", "+1", "data_payload_textReminder_number", "+1"),
        ("data.payload.textReminder_number", "+2", "data_payload_textReminder_number", "+2"),
    ],
)
def test_an_optional_field_is_kept_by_its_type_or_null(path, value, name, expected):
    assert column(accepted(changed(path, value)), name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (-(2**63), -(2**63)),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (True, None),
        ("3", None),
        (3.5, None),
    ],
)
def test_a_whole_number_out_of_range_or_of_another_type_is_null(value, expected):
    delivery = accepted(changed(f"{SCHEDULED}.invitees_counter.total", value))
    name = "data_payload_scheduled_event_invitees_counter_total"
    assert column(delivery, name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (86_123_456_789, 86_123_456_789),
        ("86123456789", 86_123_456_789),
        ("9999999999999999999", None),
        ("19:meeting@thread.v2", None),
        ("-5", None),
    ],
)
def test_a_meeting_number_may_be_a_number_or_digits(value, expected):
    delivery = accepted(changed(f"{SCHEDULED}.location.data.id", value))
    assert column(delivery, "data_payload_scheduled_event_location_data_id") == expected


def test_an_element_that_is_no_object_still_counts_as_a_row_of_nulls():
    members = [{"user": "u", "user_email": "e", "user_name": "n", "more": 1}, "x", None]
    delivery = accepted(changed(f"{SCHEDULED}.event_memberships", members))
    assert elements(delivery, f"{SCHEDULED}.event_memberships") == [
        ("u", "e", "n"),
        (None, None, None),
        (None, None, None),
    ]


def test_half_a_surrogate_becomes_the_replacement_character_and_nul_stays():
    raw = GOOD.replace(b'"calendly_webhook"', rb'"a\ud800b\u0000\ud83d\ude00"')
    assert column(accepted(raw), "source") == "a\ufffdb\x00\U0001f600"


def test_of_a_repeated_key_the_last_one_counts():
    raw = GOOD.replace(b'"event": ', b'"event": "x", "event": ')
    assert accepted(raw).event == "invitee.created"


def test_a_number_beyond_a_double_becomes_null_in_kept_json():
    raw = GOOD.replace(b'"payload": {', b'"payload": {"payment": {"amount": 1e999}, ')
    assert column(accepted(raw), "data_payload_payment") == '{"amount":null}'


def test_a_kept_object_that_is_too_deep_to_write_again_is_unparsable_or_kept_whole():
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    raw = GOOD.replace(b'"payload": {', b'"payload": {"payment": ' + deep + b", ")
    delivery = parse_delivery("k", raw)
    if isinstance(delivery, Rejected):
        assert delivery.reasons == ("unparsable_json",)
    else:
        assert column(delivery, "data_payload_payment") == deep.decode()


def test_unknown_fields_are_named_and_known_ones_are_not():
    data = envelope()
    data["payload"] |= {"meeting_recap": 1, "cancellation": {"reason": "x"}, "no_show": {"x": 1}}
    data["payload"]["scheduled_event"]["event_guests"] = [{"email": "e"}, {"role": 1}, {"role": 2}]
    delivery = accepted(json.dumps(bronze(data) | {"trace": 1}).encode())
    assert delivery.unknown_fields == [
        "data.payload.meeting_recap",
        "data.payload.scheduled_event.event_guests.role",
        "trace",
    ]


def test_invented_fields_cannot_flood_the_drift_report():
    data = envelope()
    data["payload"] |= {f"{n:03}" + "x" * 1000: n for n in range(500)}
    names = accepted(json.dumps(bronze(data)).encode()).unknown_fields
    assert len(names) == 20
    assert max(map(len, names)) == len("data.payload.") + 80


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
