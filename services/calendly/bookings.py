"""A delivery's body in, what Calendly's API tells of its invitee and event out; pure."""

from __future__ import annotations

import json
from typing import Any

from services.calendly.clock import seconds
from services.calendly.organization import last

# In the order in which one second's events of an invitee follow each other.
EVENTS = (
    "invitee.created",
    "invitee.canceled",
    "invitee_no_show.created",
    "invitee_no_show.deleted",
)


def parsed(body: bytes) -> dict[str, Any]:
    """The envelope, empty where the body is no JSON object."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def event_of(envelope: dict[str, Any]) -> str:
    name = envelope.get("event")
    return name if isinstance(name, str) else ""


def hosts_of(envelope: dict[str, Any]) -> set[str]:
    """The ids of the users whose event it is."""
    try:
        members = envelope["payload"]["scheduled_event"]["event_memberships"]
        return {last(member["user"]) for member in members if isinstance(member.get("user"), str)}
    except (KeyError, TypeError, AttributeError):
        return set()


def booking(envelope: dict[str, Any], at: float | None = None) -> dict[str, Any] | None:
    """The row of an invitee; None where the delivery tells of none, or tells it wrongly.

    `position` orders the states of an invitee: by time, then as its events follow each other. The
    time is `at`, or the whole second that the envelope says.
    """
    payload = envelope.get("payload")
    try:
        at = seconds(envelope["created_at"]) if at is None else at
        rank = EVENTS.index(envelope["event"])
        assert isinstance(payload, dict)
        event = payload["scheduled_event"]
        seconds(event["start_time"])
        ids = {"id": last(payload["uri"]), "event_id": last(event["uri"])}
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError):
        return None
    return {**ids, "position": f"{at:020.6f} {rank}", "document": json.dumps(payload)}


def invitee(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name != "scheduled_event"}


def scheduled_event(payloads: list[dict[str, Any]]) -> dict[str, Any]:
    """The event of all its invitees' payloads: counted, and active while one of them is."""
    newest = max(payloads, key=lambda one: str(one["scheduled_event"].get("updated_at")))
    event = newest["scheduled_event"]
    active = sum(payload.get("status") == "active" for payload in payloads)
    limit = (event.get("invitees_counter") or {}).get("limit", 1)
    counter = {"total": len(payloads), "active": active, "limit": limit}
    status = "active" if active or event.get("status") == "active" else "canceled"
    return {**event, "status": status, "invitees_counter": counter}
