"""Who and what there is at the simulated Calendly: one organization of the sample's people."""

from __future__ import annotations

import uuid
from typing import Any

from sample_data.people import API, NAMESPACE, EventType, employees, event_types

Document = dict[str, Any]
SINCE = "2025-12-01T09:00:00.000000Z"
HOSTS = employees()
EVENT_TYPES = event_types()[0]
ADMIN = HOSTS[0]  # whose token it is, and who made the subscriptions
GROUP_HOSTS = HOSTS[:5]


def _uri(kind: str, name: str) -> str:
    return f"{API}/{kind}/{uuid.uuid5(NAMESPACE, name)}"


ORGANIZATION = _uri("organizations", "organization")
GROUP = _uri("groups", "group")


def last(uri: str) -> str:
    """The id in a URI, whatever host it names: that of deliveries, or of this server."""
    return uri.rstrip("/").rpartition("/")[2]


def users() -> list[Document]:
    return [
        {
            "uri": host.uri,
            "name": host.name,
            "slug": host.email.partition("@")[0].replace(".", "-"),
            "email": host.email,
            "scheduling_url": f"https://calendly.com/{host.email.partition('@')[0]}",
            "timezone": "America/New_York",
            "time_notation": "12h",
            "avatar_url": None,
            "created_at": SINCE,
            "updated_at": SINCE,
            "current_organization": ORGANIZATION,
            "resource_type": "User",
            "locale": "en",
        }
        for host in HOSTS
    ]


def organization() -> Document:
    return {
        "uri": ORGANIZATION,
        "name": "Example Advisors",
        "slug": "example-advisors",
        "status": "active",
        "timezone": "America/New_York",
        "created_at": SINCE,
        "updated_at": SINCE,
        "resource_type": "Organization",
    }


def memberships() -> list[Document]:
    return [
        {
            "uri": _uri("organization_memberships", user["email"]),
            "role": "owner" if user["uri"] == ADMIN.uri else "user",
            "user": {name: user[name] for name in MEMBER_FIELDS},
            "organization": ORGANIZATION,
            "created_at": SINCE,
            "updated_at": SINCE,
        }
        for user in users()
    ]


MEMBER_FIELDS = (
    *("uri", "name", "slug", "email", "scheduling_url", "timezone", "avatar_url"),
    *("created_at", "updated_at"),
)


def group() -> Document:
    return {
        "uri": GROUP,
        "name": "Advisors",
        "organization": ORGANIZATION,
        "member_count": len(GROUP_HOSTS),
        "created_at": SINCE,
        "updated_at": SINCE,
    }


def types() -> list[Document]:
    return [_event_type(one) for one in EVENT_TYPES]


def _event_type(one: EventType) -> Document:
    slug = one.name.lower().replace(" ", "-")
    return {
        "uri": one.uri,
        "name": one.name,
        "active": True,
        "admin_managed": False,
        "booking_method": "instant",
        "slug": slug,
        "scheduling_url": f"https://calendly.com/example-advisors/{slug}",
        "duration": one.minutes,
        "duration_options": None,
        "kind": "group" if one.seats > 1 else "solo",
        "pooling_type": None,
        "type": "StandardEventType",
        "color": "#0069ff",
        "created_at": SINCE,
        "updated_at": SINCE,
        "deleted_at": None,
        "internal_note": None,
        "description_plain": None,
        "description_html": None,
        "profile": {"type": "User", "name": ADMIN.name, "owner": ADMIN.uri},
        "secret": False,
        "custom_questions": [],
    }


def scope_hosts(scope: str, owner: str | None) -> set[str] | None:
    """The ids of the users whose events a scope is told of; None: of all."""
    if scope == "user":
        return {owner or ""}
    return {last(host.uri) for host in GROUP_HOSTS} if scope == "group" else None
