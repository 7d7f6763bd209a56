"""One booking in, the JSON bodies that Calendly sends of it out."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sample_data.details import details, stamp
from sample_data.locations import Location, location
from sample_data.people import API, Employee, EventType, Person, uuid4


@dataclass(frozen=True)
class Booking:
    """What stays the same over the deliveries of one invitee."""

    invitee_id: str
    event_id: str
    invitee: Person
    event_type: EventType
    hosts: tuple[dict[str, str], ...]
    booked_at: datetime
    start: datetime
    place: Location
    guests: tuple[str, ...]
    notes: str | None
    details: dict[str, Any]

    @property
    def event_uri(self) -> str:
        return f"{API}/scheduled_events/{self.event_id}"

    @property
    def uri(self) -> str:
        return f"{self.event_uri}/invitees/{self.invitee_id}"


def booking(
    rng: random.Random,
    invitee: Person,
    event_type: EventType,
    hosts: list[Employee],
    booked_at: datetime,
    start: datetime,
) -> Booking:
    """A new booking; the invitees of one group event (same start) share its id and place."""
    group = _event_source(rng, event_type, start)
    booked_at += timedelta(microseconds=rng.randrange(1, 999_999))
    return Booking(
        invitee_id=uuid4(rng),
        event_id=uuid4(group),
        invitee=invitee,
        event_type=event_type,
        hosts=tuple(_membership(rng, host) for host in hosts),
        booked_at=booked_at,
        start=start,
        place=location(group),
        guests=tuple(
            f"guest.{rng.randrange(10**5):05d}@example.com"
            for _ in range(rng.choices((0, 1, 2, 3), (78, 13, 6, 3))[0])
        ),
        notes="Agreed on next steps" if rng.random() < 0.05 else None,
        details=details(rng, booked_at, hosts[0].uri),
    )


def moved(rng: random.Random, old: Booking, booked_at: datetime, start: datetime) -> Booking:
    """The new booking that a reschedule makes: a new invitee of a new event."""
    group = _event_source(rng, old.event_type, start)
    return replace(
        old,
        invitee_id=uuid4(rng),
        event_id=uuid4(group),
        booked_at=booked_at + timedelta(microseconds=rng.randrange(1, 999_999)),
        start=start,
        details={**old.details, "old_invitee": old.uri},
    )


def payload(of: Booking, **changes: Any) -> dict[str, Any]:
    """The invitee as Calendly shows it; `changes` are the fields that a later event alters."""
    person, made = of.invitee, stamp(of.booked_at)
    return {
        "cancel_url": f"https://calendly.com/cancellations/{of.invitee_id}",
        "created_at": made,
        "email": person.email,
        "event": of.event_uri,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": person.name,
        "new_invitee": None,
        "no_show": None,
        "reschedule_url": f"https://calendly.com/reschedulings/{of.invitee_id}",
        "rescheduled": False,
        "scheduled_event": scheduled_event(of),
        "status": "active",
        "timezone": person.timezone,
        "updated_at": made,
        "uri": of.uri,
        **of.details,
        **changes,
    }


def scheduled_event(of: Booking, **changes: Any) -> dict[str, Any]:
    made = stamp(of.booked_at)
    seats = of.event_type.seats
    return {
        "created_at": made,
        "end_time": stamp(of.start + timedelta(minutes=of.event_type.minutes)),
        "event_guests": [
            {"email": email, "created_at": made, "updated_at": made} for email in of.guests
        ],
        "event_memberships": list(of.hosts),
        "event_type": of.event_type.uri,
        "invitees_counter": {"total": 1, "active": 1, "limit": seats},
        "location": of.place,
        "meeting_notes_html": f"<p>{of.notes}</p>" if of.notes else None,
        "meeting_notes_plain": of.notes,
        "name": of.event_type.name,
        "start_time": stamp(of.start),
        "status": "active",
        "updated_at": made,
        "uri": of.event_uri,
        **changes,
    }


def envelope(event: str, created_at: str, content: Any, host_uri: str) -> dict[str, Any]:
    return {"event": event, "created_at": created_at, "created_by": host_uri, "payload": content}


def compact(value: Any) -> bytes:
    """The wire form: no spaces, letters as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _membership(rng: random.Random, host: Employee) -> dict[str, str]:
    known = {"user_email": host.email, "user_name": host.name}
    # Calendly leaves `user` out of some memberships; silver must not count those.
    return known if rng.random() < 0.02 else {"user": host.uri, **known}


def _event_source(rng: random.Random, event_type: EventType, start: datetime) -> random.Random:
    """Where an event's id and place come from: all invitees of a group event get the same."""
    return random.Random(f"{event_type.uri} {start}") if event_type.seats > 1 else rng
