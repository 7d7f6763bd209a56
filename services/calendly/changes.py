"""What a caller does to a booking in, the body of the delivery that tells of it out; pure.

A booking is its invitee's payload as the last delivery of it was.
"""

from __future__ import annotations

import random
import uuid
from datetime import datetime
from typing import Any

from sample_data.bodies import booking, compact, envelope, payload
from sample_data.people import API, EventType, Person
from services.calendly.clock import stamp, whole_stamp
from services.calendly.organization import ADMIN, HOSTS

Payload = dict[str, Any]


def told(event: str, content: Payload, at: float) -> bytes:
    return compact(envelope(event, whole_stamp(at), content, ADMIN.uri))


def booked(
    rng: random.Random, who: Person, event_type: EventType, start: datetime, at: datetime
) -> Payload:
    """A new booking with one of the hosts; whatever the invitee does not say is made up."""
    return payload(booking(rng, who, event_type, [rng.choice(HOSTS)], at, start))


def canceled(of: Payload, reason: str | None, at: float, *, is_last: bool) -> Payload:
    """By the host; `is_last`: no other invitee of the event is left, so it is canceled as well."""
    event = of["scheduled_event"]
    return {
        **of,
        "status": "canceled",
        "updated_at": stamp(at),
        "cancellation": {
            "canceled_by": ADMIN.name,
            "reason": reason,
            "canceler_type": "host",
            "created_at": stamp(at),
        },
        "scheduled_event": {**event, "status": "canceled"} if is_last else event,
    }


def missed(of: Payload, at: float) -> Payload:
    """Marked as a no-show; Calendly leaves updated_at as it is."""
    uri = f"{API}/invitee_no_shows/{uuid.uuid4()}"
    return {**of, "no_show": {"uri": uri, "created_at": stamp(at)}}


def not_missed(of: Payload) -> Payload:
    return {**of, "no_show": None}
