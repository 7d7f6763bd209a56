"""Calendly's API of scheduled events and their invitees, read from what has been told of them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from flask import Blueprint, request

from services.calendly import bookings
from services.calendly.api.answers import (
    Answer,
    collection,
    direction,
    invalid,
    not_found,
    resource,
)
from services.calendly.api.people import matches
from services.calendly.clock import seconds
from services.calendly.organization import GROUP, GROUP_HOSTS, ORGANIZATION, last
from services.calendly.store import Store

Payload = dict[str, Any]


def events_api(store: Store) -> Blueprint:
    api = Blueprint("events", __name__, url_prefix="/scheduled_events")

    @api.get("")
    def events() -> Answer:
        if not {"user", "organization", "group"} & request.args.keys():
            raise invalid([("organization", "user, organization or group is required")])
        earliest, latest = asked_time("min_start_time"), asked_time("max_start_time")
        asked_status()
        _, descending = direction("start_time", default="start_time:asc")
        found = [
            event
            for payloads in by_event(all_payloads(store)).values()
            if is_asked(event := bookings.scheduled_event(payloads), payloads)
            and (earliest is None or seconds(event["start_time"]) >= earliest)
            and (latest is None or seconds(event["start_time"]) <= latest)
        ]
        return collection(found, lambda one: str(one["start_time"]), descending=descending)

    @api.get("/<identifier>")
    def event(identifier: str) -> Answer:
        return resource(bookings.scheduled_event(payloads_of(store, identifier)))

    @api.get("/<identifier>/invitees")
    def invitees(identifier: str) -> Answer:
        status = asked_status()
        _, descending = direction("created_at", default="created_at:asc")
        email = request.args.get("email")
        found = [
            bookings.invitee(one)
            for one in payloads_of(store, identifier)
            if status in (None, one["status"]) and email in (None, one["email"])
        ]
        return collection(found, lambda one: str(one["created_at"]), descending=descending)

    @api.get("/<identifier>/invitees/<invitee_id>")
    def invitee(identifier: str, invitee_id: str) -> Answer:
        for one in payloads_of(store, identifier):
            if last(one["uri"]) == invitee_id:
                return resource(bookings.invitee(one))
        raise not_found()

    return api


def all_payloads(store: Store) -> list[Payload]:
    return [json.loads(row["document"]) for row in store.rows("SELECT document FROM bookings")]


def payloads_of(store: Store, event_id: str) -> list[Payload]:
    """Those of the event's invitees; 404 where there is no such event."""
    found = store.rows("SELECT document FROM bookings WHERE event_id = ?", event_id)
    if not found:
        raise not_found()
    return [json.loads(row["document"]) for row in found]


def by_event(payloads: list[Payload]) -> dict[str, list[Payload]]:
    found: dict[str, list[Payload]] = defaultdict(list)
    for payload in payloads:
        found[last(payload["scheduled_event"]["uri"])].append(payload)
    return found


def is_asked(event: Payload, payloads: list[Payload]) -> bool:
    """Whether organization, user, group, status and invitee_email of the request fit the event."""
    members = event.get("event_memberships") or []
    hosts = {last(member["user"]) for member in members if isinstance(member.get("user"), str)}
    user, email = request.args.get("user"), request.args.get("invitee_email")
    in_group = bool(hosts & {last(host.uri) for host in GROUP_HOSTS})
    return (
        matches("organization", ORGANIZATION)
        and (user is None or last(user) in hosts)
        and ("group" not in request.args or (matches("group", GROUP) and in_group))
        and (request.args.get("status") in (None, event["status"]))
        and (email is None or email in {payload.get("email") for payload in payloads})
    )


def asked_status() -> str | None:
    status: str | None = request.args.get("status")
    if status not in (None, "active", "canceled"):
        raise invalid([("status", "must be active or canceled")])
    return status


def asked_time(name: str) -> float | None:
    text = request.args.get(name)
    try:
        return None if text is None else seconds(text)
    except ValueError as error:
        raise invalid([(name, "must be a time such as 2026-01-14T15:00:00.000000Z")]) from error
