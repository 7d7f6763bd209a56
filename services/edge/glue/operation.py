"""How an operation of Glue is declared: its request arrives whole and within its constraints."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.api.core import handler

from services.edge import constraints
from services.edge.glue.errors import GlueError

Request = dict[str, Any]
Operation = Callable[[Any, RequestContext, Request], Request]


def operation(name: str) -> Callable[[Operation], Operation]:
    """LocalStack's `handler` for a method of (context, request)."""

    def declared(method: Operation) -> Operation:
        @handler(name, expand=False)
        @functools.wraps(method)
        def checked(self: Any, context: RequestContext, request: Request) -> Request:
            if problem := constraints.problem(context.operation.input_shape, request):
                raise GlueError("ValidationException", problem)
            return method(self, context, request)

        return checked  # type: ignore[no-any-return]

    return declared
