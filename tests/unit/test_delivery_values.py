"""The values that an accepted bronze object gives, and the fields that are not known."""

from __future__ import annotations

import json

import pytest
from lakehouse.deliveries import Rejected, parse_delivery

from tests.support.parsed_deliveries import (
    GOOD,
    SCHEDULED,
    accepted,
    bronze,
    changed,
    column,
    elements,
    envelope,
)


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
