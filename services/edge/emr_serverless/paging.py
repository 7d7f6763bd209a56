"""How EMR Serverless pages, and the filters of its List operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.edge.aws.pages import Paging
from services.edge.emr_serverless import errors

Document = dict[str, Any]
PAGE = 50
PAGING = Paging("maxResults", "nextToken", errors.validation, errors.validation)


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
