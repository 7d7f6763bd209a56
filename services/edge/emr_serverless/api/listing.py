"""What the operations share: whose resources a request sees, its filters and its pages."""

from __future__ import annotations

from datetime import datetime

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document
from services.edge.aws.pages import Paging
from services.edge.emr_serverless import errors

PAGE = 50
PAGING = Paging("maxResults", "nextToken", errors.validation, errors.validation)


def scope_of(context: RequestContext) -> str:
    """The start of the ARNs of the request's account and region."""
    return f"arn:aws:emr-serverless:{context.region}:{context.account_id}:"


def passes(request: Document, document: Document) -> bool:
    """Whether an application or a job run passes the filters of a list request."""
    states, mode = request.get("states"), request.get("mode")
    after, before = (_seconds(request.get(f"createdAt{end}")) for end in ("After", "Before"))
    return (
        (not states or document["state"] in states)
        and (not mode or document["mode"] == mode)
        and (after is None or document["createdAt"] >= after)
        and (before is None or document["createdAt"] <= before)
    )


def _seconds(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()
