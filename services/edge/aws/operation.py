"""How an operation of a service of this project is declared."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.api.core import handler

Document = dict[str, Any]
Method = Callable[[Any, RequestContext, Document], Document]


def operation(name: str, *, differs: str = "") -> Callable[[Method], Method]:
    """The decorator of a method of (context, request) that answers the call `name`.

    The request has been checked by `requests.check`, and holds no None. `differs` says in one
    sentence how the call differs from AWS; docs/parity.md quotes it.
    """

    def declared(method: Method) -> Method:
        @functools.wraps(method)
        def answer(self: Any, context: RequestContext, request: Document) -> Document:
            present = {field: value for field, value in request.items() if value is not None}
            return method(self, context, present)

        marked = handler(name, expand=False)(answer)
        marked.differs = differs
        return marked  # type: ignore[no-any-return]

    return declared
