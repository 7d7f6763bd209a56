"""How many invocations and long polls the edge takes in at once; AWS tells those beyond it too.

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

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(frozen=True)
class Bound:
    """Requests whose host, path and target match, AWS's answer to one too many, and how many may
    come yet: fewer together than the GATEWAY_WORKER_COUNT threads in edge.env."""

    pattern: re.Pattern[str]
    answer: dict[str, str]
    free: threading.Semaphore
    error: str = "TooManyRequestsException"

    def refusal(self) -> tuple[bytes, str, list[tuple[str, str]]]:
        """The body, status and headers of the answer to one too many."""
        body = json.dumps(self.answer).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("x-amzn-ErrorType", self.error),
        ]
        return body, "429 Too Many Requests", headers


# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
DEPLOYED = Bound(
    re.compile(r"[^/]*\.(execute-api|lambda-url)\.|[^/]*/(_aws/execute-api/|.*_user_request_)"),
    {"message": "Too Many Requests"},
    threading.Semaphore(64),
)
# https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
INVOKED = Bound(
    re.compile(r"[^/]*/2015-03-31/functions/[^/]+/invocations$"),
    {
        "Reason": "ConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    },
    threading.Semaphore(96),
)
# Long polling. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
RECEIVING = Bound(
    re.compile(r".*#AmazonSQS\.ReceiveMessage$"),
    {"__type": "com.amazonaws.sqs#RequestThrottled", "message": "Too many wait for messages"},
    threading.Semaphore(64),
    "RequestThrottled",
)
BOUNDS = (DEPLOYED, INVOKED, RECEIVING)


def bounded(application: Application) -> Application:
    """The application behind the bounds; a request counts until its answer has been sent."""

    def admit(environ: Environ, start_response: Any) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        place = f"{environ.get('HTTP_HOST', '')}{environ['PATH_INFO']}"
        place += f"#{target}" if target else ""
        bound = next((bound for bound in BOUNDS if bound.pattern.match(place)), None)
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
    body, status, headers = bound.refusal()
    start_response(status, headers)
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
