"""What happens to one booking: created, moved, canceled, missed; each as a timed delivery."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sample_data import people
from sample_data.bodies import (
    Booking,
    booking,
    compact,
    envelope,
    moved,
    payload,
    scheduled_event,
)
from sample_data.details import stamp

HOSTS = people.employees()
EVENT_TYPES, EVENT_TYPE_WEIGHTS = people.event_types()
NEW_YORK = timedelta(hours=-5)  # in January


@dataclass(frozen=True)
class Delivery:
    """A body sent at a moment; `day` is the UTC date of what it tells (of `at`, if that is unsaid).

    kind: `event` (its own bronze object), `repeat` (bytes as sent before), `undated` (no readable
    created_at), `unreadable` (no JSON object: quarantine).
    """

    at: datetime
    day: date
    kind: str
    body: bytes


# The deliveries of one moment and day, which a sample takes whole or not at all.
Group = list[Delivery]


def story(rng: random.Random, day: date) -> list[Group]:
    """The groups of one new booking, in the order of their events; the first is on `day`."""
    made = new_booking(rng, day)
    groups = [[creation(rng, made)]]
    fate = rng.random()
    if fate < 0.11:
        canceled_at = between(rng, whole_second(made.booked_at), made.start)
        groups.append([cancellation(rng, made, canceled_at)])
    elif fate < 0.18:
        groups.append(reschedule(rng, made)[0])
    elif fate < 0.26:
        groups += no_show(rng, made)
    return groups


def new_booking(
    rng: random.Random, day: date, event_type: people.EventType | None = None
) -> Booking:
    """Made on the day, of this event type or of one that is chosen as often as it is booked."""
    event_type = event_type or rng.choices(EVENT_TYPES, EVENT_TYPE_WEIGHTS)[0]
    booked_at = moment(rng, day)
    start = start_after(rng, booked_at, event_type)
    hosts = rng.sample(HOSTS, 2 if rng.random() < 0.12 else 1)
    if event_type.seats > 1:
        hosts = [HOSTS[start.toordinal() % len(HOSTS)]]
    return booking(rng, people.person(rng), event_type, hosts, booked_at, start)


def creation(rng: random.Random, made: Booking, **changes: Any) -> Delivery:
    return delivery(rng, "invitee.created", whole_second(made.booked_at), payload(made, **changes))


def reschedule(rng: random.Random, old: Booking) -> tuple[Group, Booking]:
    """The two deliveries of a move, and the booking at its new time."""
    moved_at = between(rng, whole_second(old.booked_at), old.start)
    new = moved(rng, old, moved_at, start_after(rng, moved_at, old.event_type))
    gone = cancellation(rng, old, moved_at, new_invitee=new.uri, rescheduled=True)
    return [gone, delivery(rng, "invitee.created", moved_at, payload(new))], new


def no_show(rng: random.Random, missed: Booking) -> list[Group]:
    """Marked after the meeting's start; a third of the marks is taken back."""
    marked_at = whole_second(missed.start) + timedelta(minutes=rng.randrange(10, 90))
    mark = {
        "uri": f"{people.API}/invitee_no_shows/{people.uuid4(rng)}",
        "created_at": stamp(marked_at),
    }
    marked = payload(missed, no_show=mark)
    groups = [[delivery(rng, "invitee_no_show.created", marked_at, marked)]]
    if rng.random() < 0.34:
        undone_at = marked_at + timedelta(minutes=rng.randrange(5, 600))
        undone = payload(missed)
        groups.append([delivery(rng, "invitee_no_show.deleted", undone_at, undone)])
    return groups


def cancellation(
    rng: random.Random, canceled: Booking, canceled_at: datetime, **changes: Any
) -> Delivery:
    by_host = rng.random() < 0.3
    reason = {
        "canceled_by": HOSTS[0].name if by_host else canceled.invitee.name,
        "reason": rng.choice((None, "Something came up", "Found another time")),
        "canceler_type": "host" if by_host else "invitee",
        "created_at": stamp(canceled_at),
    }
    # One invitee leaving a group event leaves the event itself active.
    alone = canceled.event_type.seats == 1
    event = scheduled_event(canceled, **({"status": "canceled"} if alone else {}))
    content = payload(
        canceled,
        status="canceled",
        cancellation=reason,
        updated_at=stamp(canceled_at),
        scheduled_event=event,
        **changes,
    )
    return delivery(rng, "invitee.canceled", canceled_at, content)


def delivery(
    rng: random.Random, event: str, created_at: datetime, content: dict[str, Any]
) -> Delivery:
    body = compact(envelope(event, spelled(rng, created_at), content, HOSTS[0].uri))
    return Delivery(created_at + delay(rng), created_at.date(), "event", body)


def spelled(rng: random.Random, moment_: datetime) -> str:
    """Calendly writes UTC; a few are written with an offset, on another date where it is late."""
    if rng.random() < 0.01:
        return (moment_ + NEW_YORK).strftime("%Y-%m-%dT%H:%M:%S-05:00")
    return stamp(moment_)


def respelled(rng: random.Random, original: Delivery) -> Delivery:
    """The same delivery, serialised anew by a proxy: other bytes, the same meaning."""
    value = json.loads(original.body)
    indent = rng.choice((None, 1, 2))
    body = json.dumps(value, indent=indent, sort_keys=rng.random() < 0.5).encode()
    return Delivery(original.at + delay(rng), original.day, "event", body)


def delay(rng: random.Random) -> timedelta:
    """Seconds as a rule; minutes to hours where Calendly had to try again, so out of order."""
    if rng.random() < 0.04:
        return timedelta(seconds=2 ** rng.uniform(5, 16))
    return timedelta(seconds=rng.uniform(0.4, 4))


def moment(rng: random.Random, day: date) -> datetime:
    """A whole second of the UTC day, mostly in American office hours."""
    hour = rng.triangular(12, 24, 17) if rng.random() < 0.9 else rng.uniform(0, 24)
    second = min(int(hour * 3600), 86_399)
    return datetime.combine(day, time(0), UTC) + timedelta(seconds=second)


def start_after(rng: random.Random, booked_at: datetime, event_type: people.EventType) -> datetime:
    """A half-hour slot from 13:00 to 22:30 UTC of a coming day; a group always meets at 18:00."""
    days = int(rng.triangular(1, 12, 1))
    slot = timedelta(hours=13, minutes=30 * (10 if event_type.seats > 1 else rng.randrange(20)))
    return datetime.combine(booked_at.date() + timedelta(days=days), time(0), UTC) + slot


def between(rng: random.Random, first: datetime, last: datetime) -> datetime:
    """A whole second after the first moment, mostly soon after it."""
    return whole_second(first + (last - first) * rng.random() ** 3) + timedelta(seconds=1)


def whole_second(moment_: datetime) -> datetime:
    return moment_.replace(microsecond=0)
