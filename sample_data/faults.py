"""Deliveries that are wrong in one way each; what becomes of them is in each function's name.

Two reasons of silver have no example, because no delivery of the seven days can have them:
`unparsable_json` (ingestion stores only what parses) and `created_after_ingestion` (its created_at
lies in the future, so its event_date would be an eighth day).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from sample_data.bodies import compact
from sample_data.people import uuid4

Envelope = dict[str, Any]


def unsupported_event_of_a_routing_form(body: Envelope) -> None:
    submission = body["payload"]["uri"].replace("scheduled_events", "routing_form_submissions")
    body["event"] = "routing_form_submission.created"
    body["payload"] = {"uri": submission, "questions_and_answers": []}


def unsupported_event_of_tomorrow(body: Envelope) -> None:
    body["event"] = "invitee.teleported"


def missing_invitee_id(body: Envelope) -> None:
    del body["payload"]["uri"]


def missing_invitee_id_by_type(body: Envelope) -> None:
    body["payload"]["uri"] = {"href": body["payload"]["uri"]}


def missing_event_start_time_without_event(body: Envelope) -> None:
    del body["payload"]["scheduled_event"]


def missing_event_start_time_by_type(body: Envelope) -> None:
    body["payload"]["scheduled_event"]["start_time"] = 1768933800


def invalid_timestamp_with_a_space(body: Envelope) -> None:
    event = body["payload"]["scheduled_event"]
    event["start_time"] = event["start_time"].replace("T", " ")


def invalid_timestamp_of_no_real_day(body: Envelope) -> None:
    body["payload"]["scheduled_event"]["start_time"] = "2026-02-30T15:00:00.000000Z"


def too_many_rows(body: Envelope) -> None:
    """101 answers x 100 guests are 10,100 combinations, over the limit of 10,000."""
    body["payload"]["questions_and_answers"] = [
        {"question": f"Q{n}", "answer": "A", "position": n} for n in range(101)
    ]
    body["payload"]["scheduled_event"]["event_guests"] = [
        {"email": f"guest.{n:05d}@example.com"} for n in range(100)
    ]


def accepted_with_new_fields(body: Envelope) -> None:
    body["payload"]["meeting_recap_opt_in"] = True
    body["payload"]["scheduled_event"]["calendar_event"] = {"kind": "example", "external_id": "1"}


def accepted_with_optional_fields_of_wrong_types(body: Envelope) -> None:
    body["payload"]["timezone"] = 5
    body["payload"]["tracking"] = None
    body["payload"]["scheduled_event"]["invitees_counter"] = {"total": "one", "active": 1}


def accepted_without_optional_fields(body: Envelope) -> None:
    """As Calendly's older deliveries were."""
    for name in ("scheduling_method", "payment", "no_show", "reconfirmation"):
        del body["payload"][name]


DATED: tuple[Callable[[Envelope], None], ...] = (
    unsupported_event_of_a_routing_form,
    missing_invitee_id,
    missing_event_start_time_without_event,
    invalid_timestamp_with_a_space,
    too_many_rows,
    accepted_with_new_fields,
    unsupported_event_of_tomorrow,
    missing_invitee_id_by_type,
    missing_event_start_time_by_type,
    invalid_timestamp_of_no_real_day,
    accepted_with_optional_fields_of_wrong_types,
    accepted_without_optional_fields,
)


def undated(number: int, body: Envelope) -> bytes:
    """A body whose envelope has no created_at that names a day: event_date=unknown."""
    readings: tuple[Any, ...] = (None, "yesterday", 1768933800, "2026-02-30T12:00:00Z")
    kind = number % (len(readings) + 2)
    if kind == len(readings):
        del body["created_at"]
        return compact(body)
    if kind == len(readings) + 1:
        return compact({"event": {"invitee": f"test_{body['payload']['uri'][-12:]}"}})
    return compact({**body, "created_at": readings[kind]})


def unreadable(number: int, rng: random.Random) -> bytes:
    """Bytes that no parser makes a JSON object of; each is unique by its mark."""
    mark = uuid4(rng).encode()
    bodies = (
        b'{"event":"invitee.created","mark":"' + mark,
        b"event=invitee.created&mark=" + mark,
        b'{"event":"invitee.created","mark":"' + mark + b'\xff\xfe"}',
        b'{"event":"invitee.created","mark":"' + mark + b'","amount":NaN}',
        b'{"event":"invitee.created","mark":"' + mark + b'","amount":-Infinity}',
        b'{"event":"invitee.created","mark":"' + mark + b'","position":' + b"7" * 5000 + b"}",
        b'{"mark":"' + mark + b'","deep":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'[{"event":"invitee.created","mark":"' + mark + b'"}]',
        json.dumps(f"invitee.created {mark.decode()}").encode(),
        b'{"event":"invitee.created","mark":"' + mark + b'"}{"event":"invitee.created"}',
    )
    return bodies[number % len(bodies)]
