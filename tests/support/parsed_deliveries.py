"""A good bronze object, the same with a change, and what is made of it."""

from __future__ import annotations

import json

from lakehouse.deliveries import Accepted, Rejected, parse_delivery
from lakehouse.event_columns import ARRAYS, SCALARS

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
