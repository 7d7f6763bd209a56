"""Calendly's API that changes bookings: book, cancel, mark as a no-show. Each is then delivered."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request

from sample_data.people import EventType, Person
from services.calendly import bookings, changes
from services.calendly.api.answers import Answer, invalid, not_found, resource
from services.calendly.api.events import all_payloads, payloads_of
from services.calendly.clock import Clock, seconds
from services.calendly.organization import EVENT_TYPES, last
from services.calendly.store import Occurrence, Store

Tell = Callable[[str, changes.Payload], None]


def changes_api(store: Store, clock: Clock, wake: Callable[[], None]) -> Blueprint:
    api = Blueprint("changes", __name__)

    def tell(event: str, content: changes.Payload) -> None:
        """Keep the booking at once, so that the next call finds it, and let it be delivered."""
        at = clock.now()
        body = changes.told(event, content, at)
        if booking := bookings.booking(bookings.parsed(body), at):
            with store.transaction() as write:
                store.keep_booking(write, booking)
        store.plan([Occurrence(at, body)])
        wake()

    @api.post("/invitees")
    def book() -> Answer:
        """https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-event-invitee"""
        who, event_type, start = asked_booking(request.get_json(silent=True))
        now = datetime.fromtimestamp(int(clock.now()), UTC)
        made = changes.booked(random.Random(), who, event_type, start, now)
        tell("invitee.created", made)
        return resource(bookings.invitee(made), 201)

    @api.post("/scheduled_events/<identifier>/cancellation")
    def cancel(identifier: str) -> Answer:
        active = [one for one in payloads_of(store, identifier) if one["status"] == "active"]
        if not active:
            raise invalid([("uuid", "the event is canceled already")])
        asked = request.get_json(silent=True) or {}
        for number, one in enumerate(active, start=1):
            gone = changes.canceled(
                one, asked.get("reason"), clock.now(), is_last=number == len(active)
            )
            tell("invitee.canceled", gone)
        return resource(gone["cancellation"], 201)

    add_no_shows(api, store, clock, tell)
    return api


def add_no_shows(api: Blueprint, store: Store, clock: Clock, tell: Tell) -> None:
    @api.post("/invitee_no_shows")
    def mark() -> Answer:
        asked = request.get_json(silent=True)
        uri = asked.get("invitee") if isinstance(asked, dict) else None
        kept = isinstance(uri, str) and store.row(
            "SELECT document FROM bookings WHERE id = ?", last(uri)
        )
        if not kept:
            raise invalid([("invitee", "must be the URI of an invitee")])
        missed = changes.missed(json.loads(kept["document"]), clock.now())
        tell("invitee_no_show.created", missed)
        return resource({**missed["no_show"], "invitee": missed["uri"]}, 201)

    @api.get("/invitee_no_shows/<identifier>")
    def show(identifier: str) -> Answer:
        marked = with_mark(store, identifier)
        return resource({**marked["no_show"], "invitee": marked["uri"]})

    @api.delete("/invitee_no_shows/<identifier>")
    def unmark(identifier: str) -> Response:
        tell("invitee_no_show.deleted", changes.not_missed(with_mark(store, identifier)))
        return Response(status=204)


def with_mark(store: Store, identifier: str) -> changes.Payload:
    for payload in all_payloads(store):
        if payload.get("no_show") and last(payload["no_show"]["uri"]) == identifier:
            return payload
    raise not_found()


def asked_booking(asked: Any) -> tuple[Person, EventType, datetime]:
    asked = asked if isinstance(asked, dict) else {}
    who = asked.get("invitee") if isinstance(asked.get("invitee"), dict) else {}
    wrong = []
    types = {last(one.uri): one for one in EVENT_TYPES}
    event_type = types.get(last(str(asked.get("event_type"))))
    if event_type is None:
        wrong.append(("event_type", "must be the URI of an event type"))
    try:
        start = datetime.fromtimestamp(seconds(str(asked.get("start_time"))), UTC)
    except ValueError:
        start = None
        wrong.append(("start_time", "must be a time such as 2026-01-14T15:00:00.000000Z"))
    email = who.get("email")
    if not isinstance(email, str) or "@" not in email:
        wrong.append(("invitee.email", "must be a mail address"))
    if event_type is None or start is None or wrong:
        raise invalid(wrong)
    first, _, rest = str(who.get("name") or who.get("first_name") or "").partition(" ")
    person = Person(
        first, str(who.get("last_name") or rest), str(email), str(who.get("timezone") or "UTC")
    )
    return person, event_type, start
