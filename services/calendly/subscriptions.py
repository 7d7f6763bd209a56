"""A request for a webhook subscription in, its row or what is wrong with it out; pure."""

from __future__ import annotations

import uuid
from typing import Any

from sample_data.people import API
from services.calendly.clock import stamp
from services.calendly.organization import ADMIN, GROUP, HOSTS, ORGANIZATION, last
from services.calendly.settings import refused_url

# https://developer.calendly.com/release-notes/2026/10/23
EVENT_NAMES = frozenset(
    (
        *("invitee.created", "invitee.canceled"),
        *("invitee_no_show.created", "invitee_no_show.deleted"),
        "routing_form_submission.created",
        *("event_type.created", "event_type.updated", "event_type.deleted"),
        *("meeting_recap.created", "meeting_recap.updated", "meeting_recap.deleted"),
        *("contact.created", "contact.updated", "contact.deleted"),
    )
)
FOR_ORGANIZATIONS_ALONE = "routing_form_submission.created"
SCOPES = ("organization", "user", "group")
Problems = list[tuple[str, str]]


def problems(asked: dict[str, Any], deliver_to: frozenset[str]) -> Problems:
    """What Calendly would name as wrong: parameter and message of each."""
    found = [
        (name, "is missing")
        for name in ("url", "events", "organization", "scope")
        if not asked.get(name)
    ]
    if isinstance(asked.get("url"), str):
        reason = refused_url(asked["url"], deliver_to)
        found += [("url", reason)] if reason else []
    elif asked.get("url"):
        found.append(("url", "must be a string"))
    found += _wrong_events(asked.get("events"), asked.get("scope"))
    found += scope_problems(asked)
    key = asked.get("signing_key")
    if key is not None and not (isinstance(key, str) and key):
        found.append(("signing_key", "must be a string that is not empty"))
    return found


def _wrong_events(events: Any, scope: Any) -> Problems:
    if not events:
        return []
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        return [("events", "must be a list of strings")]
    unknown = sorted(set(events) - EVENT_NAMES)
    found = [("events", f"contains unknown events: {', '.join(unknown)}")] if unknown else []
    if FOR_ORGANIZATIONS_ALONE in events and scope != "organization":
        found.append(("events", f"{FOR_ORGANIZATIONS_ALONE} asks for the scope organization"))
    return found


def scope_problems(asked: dict[str, Any]) -> Problems:
    """Of organization, scope, user and group, which creating and listing have in common."""
    scope, found = asked.get("scope"), []
    if scope and scope not in SCOPES:
        found.append(("scope", f"must be one of {', '.join(SCOPES)}"))
    if asked.get("organization") and not is_uri_of(asked["organization"], {last(ORGANIZATION)}):
        found.append(("organization", f"must be the organization of the token, {ORGANIZATION}"))
    if scope == "user" and not is_uri_of(asked.get("user"), {last(host.uri) for host in HOSTS}):
        found.append(("user", "must be a user of the organization where the scope is user"))
    if scope == "group" and not is_uri_of(asked.get("group"), {last(GROUP)}):
        found.append(("group", "must be a group of the organization where the scope is group"))
    return found


def is_uri_of(value: Any, ids: set[str]) -> bool:
    return isinstance(value, str) and "/" in value and last(value) in ids


def owner(asked: dict[str, Any]) -> str | None:
    """The id of the user or group that the scope is about."""
    scope = asked["scope"]
    return None if scope == "organization" else last(asked[scope])


def row(asked: dict[str, Any], now: float) -> dict[str, Any]:
    """`sign_retries_anew` is the simulator's own: Calendly does not say whether it does."""
    return {
        "id": str(uuid.uuid4()),
        "url": asked["url"],
        "events": " ".join(dict.fromkeys(asked["events"])),
        "scope": asked["scope"],
        "owner": owner(asked),
        "signing_key": asked.get("signing_key"),
        "signs_anew": int(asked.get("sign_retries_anew", True) is not False),
        "state": "active",
        "created_at": now,
        "updated_at": now,
        "retry_started_at": None,
    }


def document(kept: dict[str, Any]) -> dict[str, Any]:
    """As Calendly shows it: the key is write-only."""
    scope, started = kept["scope"], kept["retry_started_at"]
    return {
        "uri": f"{API}/webhook_subscriptions/{kept['id']}",
        "callback_url": kept["url"],
        "created_at": stamp(kept["created_at"]),
        "updated_at": stamp(kept["updated_at"]),
        "retry_started_at": None if started is None else stamp(started),
        "state": kept["state"],
        "events": kept["events"].split(),
        "scope": scope,
        "organization": ORGANIZATION,
        "user": f"{API}/users/{kept['owner']}" if scope == "user" else None,
        "group": f"{API}/groups/{kept['owner']}" if scope == "group" else None,
        "creator": ADMIN.uri,
    }
