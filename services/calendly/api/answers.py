"""Calendly's form of answers: resources, pages of a collection, errors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from sample_data.people import API

Answer = tuple[Response, int]
MOST, DEFAULT = 100, 20


class CalendlyError(Exception):
    """An answer of 4xx: its title, its message, and the parameters that are wrong."""

    def __init__(
        self, status: int, title: str, message: str, details: list[tuple[str, str]] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.title, self.message = status, title, message
        self.details = details or []

    def answer(self) -> Answer:
        document: dict[str, Any] = {"title": self.title, "message": self.message}
        if self.details:
            document["details"] = [
                {"parameter": name, "message": text} for name, text in self.details
            ]
        return jsonify(document), self.status


def invalid(details: list[tuple[str, str]]) -> CalendlyError:
    return CalendlyError(400, "Invalid Argument", "The supplied parameters are invalid.", details)


def not_found() -> CalendlyError:
    message = "The server could not find the requested resource."
    return CalendlyError(404, "Resource Not Found", message)


def resource(document: dict[str, Any], status: int = 200) -> Answer:
    return jsonify(resource=own(document)), status


def own(value: Any) -> Any:
    """URIs of Calendly's API led to this server, so that a client that follows one stays here."""
    if isinstance(value, str) and value.startswith(f"{API}/"):
        return request.host_url.rstrip("/") + value.removeprefix(API)
    if isinstance(value, dict):
        return {name: own(one) for name, one in value.items()}
    return [own(one) for one in value] if isinstance(value, list) else value


def collection(
    documents: list[dict[str, Any]], key: Callable[[dict[str, Any]], str], *, descending: bool
) -> Answer:
    """The page that the request asks for by `count` and `page_token`.

    A token names a document, not a number: what is added or goes meanwhile moves no other page.
    """
    count = asked_count()
    ordered = sorted(documents, key=lambda one: (key(one), one["uri"]), reverse=descending)
    places = [f"{key(one)} {one['uri']}" for one in ordered]
    begin = _begin(places, count, descending=descending)
    shown = ordered[begin : begin + count]
    after = _token("after", places[begin + count - 1]) if begin + count < len(ordered) else None
    before = _token("before", places[begin]) if begin > 0 else None
    pagination = {
        "count": len(shown),
        "next_page": _page_url(after),
        "previous_page": _page_url(before),
        "next_page_token": after,
        "previous_page_token": before,
    }
    return jsonify(collection=own(shown), pagination=pagination), 200


def asked_count() -> int:
    text = request.args.get("count", str(DEFAULT))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST):
        raise invalid([("count", f"must be a number from 1 to {MOST}")])
    return int(text)


def direction(*fields: str, default: str) -> tuple[str, bool]:
    """The field to sort by, and whether the greatest comes first."""
    field, _, way = request.args.get("sort", default).partition(":")
    if field not in fields or way not in ("asc", "desc", ""):
        raise invalid([("sort", f"must be one of {', '.join(fields)}, with :asc or :desc")])
    return field, way == "desc"


def _begin(places: list[str], count: int, *, descending: bool) -> int:
    text = request.args.get("page_token")
    if text is None:
        return 0
    try:
        way, _, place = base64.urlsafe_b64decode(text).decode().partition(" ")
    except (binascii.Error, ValueError):
        way = ""
    if way not in ("after", "before"):
        raise invalid([("page_token", "is invalid")])
    passed = [one >= place if descending else one <= place for one in places]
    if way == "after":
        return sum(passed)
    return max(0, sum(passed) - 1 - count) if place in places else max(0, sum(passed) - count)


def _token(way: str, place: str) -> str:
    return base64.urlsafe_b64encode(f"{way} {place}".encode()).decode()


def _page_url(token: str | None) -> str | None:
    if token is None:
        return None
    query = {**request.args.to_dict(), "page_token": token}
    return f"{request.base_url}?{urlencode(query)}"
