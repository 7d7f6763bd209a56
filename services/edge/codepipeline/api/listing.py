"""What the operations share: whose pipelines a request names, and pages."""

from __future__ import annotations

from localstack.aws.api import RequestContext

from services.edge.aws.pages import Paging
from services.edge.codepipeline import errors

PAGING = Paging("maxResults", "nextToken", errors.validation, errors.next_token)


def arn_of(context: RequestContext, name: str) -> str:
    """The ARN of a pipeline in the caller's account and region; that of all of them without one."""
    return f"arn:aws:codepipeline:{context.region}:{context.account_id}:{name}"


def caller(context: RequestContext) -> str:
    return f"arn:aws:iam::{context.account_id}:root"
