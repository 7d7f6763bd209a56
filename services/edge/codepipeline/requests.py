"""An operation's request, checked against the service's own model before its handler sees it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.api.core import handler

from services.edge import constraints
from services.edge.codepipeline import errors

Answer = dict[str, Any]
Handler = Callable[[Any, RequestContext, dict[str, Any]], Answer]


def arn_of(context: RequestContext, name: str) -> str:
    """The ARN of a pipeline in the caller's account and region; that of all of them without one."""
    return f"arn:aws:codepipeline:{context.region}:{context.account_id}:{name}"


def operation(name: str) -> Callable[[Handler], Any]:
    """Marks a provider's method as the handler of an operation, behind a check of its request."""

    def marked(method: Handler) -> Any:
        @functools.wraps(method)
        def checked(self: Any, context: RequestContext, request: dict[str, Any]) -> Answer:
            given = {key: value for key, value in request.items() if value is not None}
            if problem := constraints.problem(context.operation.input_shape, given):
                raise errors.validation(problem)
            return method(self, context, given)

        return handler(name, expand=False)(checked)

    return marked
