"""Pages of the List operations, and the filters of ListJobRuns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.edge.emr_serverless import errors

Document = dict[str, Any]
PAGE = 50


def page(request: Document, name: str, documents: list[Document]) -> Document:
    """At most `maxResults` documents, and the token of those that follow."""
    size = PAGE if request.get("maxResults") is None else int(request["maxResults"])
    errors.require_range("maxResults", size, 1, PAGE)
    token = request.get("nextToken") or "0"
    if not token.isdecimal():
        raise errors.validation(f"Expected a nextToken of this operation, found {token}")
    start = int(token)
    answer: Document = {name: documents[start : start + size]}
    if start + size < len(documents):
        answer["nextToken"] = str(start + size)
    return answer


def wanted(request: Document, document: Document) -> bool:
    """Whether a document passes the filters of a list request."""
    states, mode = request.get("states"), request.get("mode")
    after, before = (_seconds(request.get(f"createdAt{end}")) for end in ("After", "Before"))
    return (
        (not states or document["state"] in states)
        and (not mode or document["mode"] == mode)
        and (after is None or document["createdAt"] >= after)
        and (before is None or document["createdAt"] <= before)
    )


def _seconds(given: datetime | None) -> float | None:
    return None if given is None else given.timestamp()
