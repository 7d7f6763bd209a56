"""How many invocations the edge takes in at once: those beyond it are told so, as AWS does.

An invocation holds a thread while the function that it waits for calls the edge in its turn: with
all threads held by waiting ones, no function could ever end.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

DEPLOYED, INVOKED = 64, 96  # of the GATEWAY_WORKER_COUNT threads in edge.env
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(frozen=True)
class Bound:
    """Requests whose host and path match, how many at once, and AWS's answer to one more."""

    pattern: re.Pattern[str]
    answer: dict[str, str]
    free: threading.Semaphore


def bounds() -> tuple[Bound, ...]:
    """A REST API's method holds two threads, its own and that of the invocation.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """
    deployed = re.compile(
        r"[^/]*\.(execute-api|lambda-url)\.|[^/]*/(_aws/execute-api/|.*_user_request_)"
    )
    invoked = re.compile(r"[^/]*/2015-03-31/functions/[^/]+/invocations$")
    refused = {
        "Reason": "ConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    }
    return (
        Bound(deployed, {"message": "Too Many Requests"}, threading.Semaphore(DEPLOYED)),
        Bound(invoked, refused, threading.Semaphore(INVOKED)),
    )


def bounded(application: Application) -> Application:
    """The application behind the bounds; a request counts until its answer has been sent."""
    known = bounds()

    def admit(environ: Environ, start_response: Any) -> Iterable[bytes]:
        place = f"{environ.get('HTTP_HOST', '')}{environ['PATH_INFO']}"
        bound = next((one for one in known if one.pattern.match(place)), None)
        if bound is None:
            return application(environ, start_response)
        if not bound.free.acquire(blocking=False):
            return _refused(bound, start_response)
        try:
            return _Counted(application(environ, start_response), bound.free)
        except BaseException:
            bound.free.release()
            raise

    return admit


def _refused(bound: Bound, start_response: Any) -> Iterable[bytes]:
    body = json.dumps(bound.answer).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("x-amzn-ErrorType", "TooManyRequestsException"),
    ]
    start_response("429 Too Many Requests", headers)
    return [body]


class _Counted:
    """An answer that frees its place when the server closes it."""

    def __init__(self, answer: Iterable[bytes], free: threading.Semaphore) -> None:
        self._answer, self._free = answer, free

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._free.release()
