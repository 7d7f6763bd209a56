"""Whose pipeline a request names."""

from __future__ import annotations

from localstack.aws.api import RequestContext


def arn_of(context: RequestContext, name: str) -> str:
    """The ARN of a pipeline in the caller's account and region; that of all of them without one."""
    return f"arn:aws:codepipeline:{context.region}:{context.account_id}:{name}"
