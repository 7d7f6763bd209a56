"""Pseudonyms in bronze: nothing personal stays, what belongs together still does."""

from __future__ import annotations

import json

import pytest

from pipeline.pseudonyms import Pseudonyms, UnreadableError
from sample_data import recorded

ONE = Pseudonyms(b"one")
HARMLESS = {
    "event": "invitee.created",
    "created_at": "2026-01-16T09:00:00.000000Z",
    "created_by": "https://api.calendly.com/users/f64ce5f6-048c-5365-bd39-820b5cdf5b25",
    "payload": {
        "status": "active",
        "timezone": "Australia/Sydney",
        "rescheduled": False,
        "no_show": None,
        "tracking": {"utm_source": "spring-letter"},
        "scheduled_event": {"invitees_counter": {"total": 2}, "location": {"type": "physical"}},
    },
}


def replaced(document: dict, pseudonyms: Pseudonyms = ONE) -> dict:
    return json.loads(pseudonyms.object(json.dumps(document).encode()))


def test_what_explains_a_number_stays():
    assert replaced({"data": HARMLESS}) == {"data": HARMLESS}


def test_an_address_stays_one_however_it_is_written_and_wherever_it_stands():
    found = replaced(
        {
            "email": "Guest@Example.com ",
            "guests": [{"email": "guest@example.com"}],
            "answer": "other@example.com",
        }
    )
    assert found["email"] == found["guests"][0]["email"] != found["answer"]
    assert found["email"].endswith("@example.com") and "guest" not in found["email"]


def test_links_numbers_and_texts_of_any_field_are_replaced_also_of_unknown_ones():
    personal = {
        "cancel_url": "https://calendly.com/cancellations/d4b91139",
        "location": {"data": {"id": 24170872641}},
        "shoe_size_of": "Ana Silva",
        "utm_source": "ana@example.com",
    }
    found = replaced(personal)
    assert found["cancel_url"].startswith("https://example.com/")
    text = json.dumps(found)
    assert not [word for word in ("d4b91139", "24170872641", "Ana", "ana@") if word in text]


def test_another_key_makes_other_pseudonyms_and_the_same_key_the_same():
    document = {"name": "Ana Silva"}
    assert replaced(document) == replaced(document)
    assert replaced(document) != replaced(document, Pseudonyms(b"two"))


def test_no_name_or_address_of_the_recorded_week_is_left():
    for delivery in recorded.read_deliveries()[:200]:
        try:
            body = json.loads(delivery.body)
            found = ONE.object(delivery.body).decode()
        except (ValueError, UnreadableError):
            continue
        payload = body.get("payload") if isinstance(body.get("payload"), dict) else {}
        for field in ("email", "name", "cancel_url"):
            if isinstance(value := payload.get(field), str) and len(value) > 3:
                assert value not in found, field


@pytest.mark.parametrize("raw", [b"\xff", b"[1]", b'"text"', b""])
def test_what_is_no_json_object_is_refused(raw):
    with pytest.raises(UnreadableError):
        ONE.object(raw)
