"""Calendly's API of users, organizations, groups and event types: the sample's, and read-only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from services.calendly import organization
from services.calendly.api.answers import (
    Answer,
    collection,
    direction,
    invalid,
    not_found,
    resource,
)
from services.calendly.organization import last

Document = dict[str, Any]


def people_api() -> Blueprint:
    api = Blueprint("people", __name__)

    @api.get("/users/<identifier>")
    def user(identifier: str) -> Answer:
        wanted = last(organization.ADMIN.uri) if identifier == "me" else identifier
        return resource(one_of(organization.users(), wanted))

    @api.get("/organizations/<identifier>")
    def organization_(identifier: str) -> Answer:
        return resource(one_of([organization.organization()], identifier))

    @api.get("/organization_memberships")
    def memberships() -> Answer:
        found = [
            membership
            for membership in organization.memberships()
            if matches("user", membership["user"]["uri"])
            and matches("organization", membership["organization"])
            and request.args.get("email", membership["user"]["email"])
            == membership["user"]["email"]
        ]
        return collection(found, lambda one: str(one["user"]["email"]), descending=False)

    @api.get("/groups")
    def groups() -> Answer:
        return collection([organization.group()], lambda one: str(one["name"]), descending=False)

    @api.get("/groups/<identifier>")
    def group(identifier: str) -> Answer:
        return resource(one_of([organization.group()], identifier))

    @api.get("/event_types")
    def event_types() -> Answer:
        """All are the organization's; of a user alone there are the admin's, who owns them."""
        if not {"user", "organization"} & request.args.keys():
            raise invalid([("user", "user or organization is required")])
        found = [
            one
            for one in organization.types()
            if matches("user", one["profile"]["owner"])
            and matches("organization", organization.ORGANIZATION)
            and request.args.get("active", "true") == "true"
        ]
        field, descending = direction("name", "created_at", "updated_at", default="name:asc")
        return collection(found, lambda one: str(one[field]), descending=descending)

    @api.get("/event_types/<identifier>")
    def event_type(identifier: str) -> Answer:
        return resource(one_of(organization.types(), identifier))

    return api


def one_of(documents: list[Document], identifier: str) -> Document:
    for document in documents:
        if last(document["uri"]) == identifier:
            return document
    raise not_found()


def matches(parameter: str, uri: str) -> bool:
    """Whether the request leaves the parameter out or names this URI."""
    asked = request.args.get(parameter)
    return asked is None or last(asked) == last(uri)
