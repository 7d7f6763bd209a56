"""Requests that a part of the edge knows by their heads, answered without WSGI and the whole chain.

WSGI, werkzeug and LocalStack's chain take longer for a small request than its answer does. What a
door knows for certain is admitted by the same rule, handled by a chain of that one handler, with
LocalStack's own handlers of errors, and sent by the same server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response
from localstack.runtime import events
from rolo.gateway import Gateway
from werkzeug import Request
from werkzeug.datastructures import Headers
from werkzeug.datastructures.mixins import ImmutableHeadersMixin

from services.admission import Names, refusal
from services.edge.concurrency import Bound

Fields = list[tuple[str, str]]
Handler = Callable[[Any, Any, Any], None]


@dataclass(frozen=True)
class Door:
    """A kind of requests, and how many of them at once where that is bounded."""

    # The handler for a request of this method, target and headers; None where it is not known.
    handler_of: Callable[[str, str, Fields], Handler | None]
    bound: Bound | None = None


DOORS: list[Door] = []
PLAIN = (200, 206)


class AtOnce:
    """A gateway of cheroot's for one request that a door knows; see `known`."""

    def __init__(
        self,
        request: Any,
        handler: Handler,
        headers: Fields,
        gateway: Gateway,
        bound: Bound | None,
    ) -> None:
        self._request, self._handler, self._headers = request, handler, headers
        self._gateway, self._bound = gateway, bound

    def respond(self) -> None:
        if self._bound is None:
            self._answer()
        elif self._bound.free.acquire(blocking=False):
            try:
                self._answer()
            finally:
                self._bound.free.release()
        else:
            body, status, headers = self._bound.refusal()
            self._send([body], status, headers)

    def _answer(self) -> None:
        asked, answer = _asked(self._request, self._headers), Response()
        chain = HandlerChain(
            [self._handler],
            self._gateway.response_handlers,
            self._gateway.finalizers,
            self._gateway.exception_handlers,
        )
        chain.handle(RequestContext(asked), answer)
        try:
            self._send(*_finished(answer, asked))
        finally:
            answer.close()

    def _send(self, pieces: Iterable[bytes], status: str, headers: Fields) -> None:
        request = self._request
        request.status = status.encode("latin-1")
        request.outheaders = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        left = int(dict(headers).get("Content-Length", 0))
        for piece in filter(None, pieces):
            with request.conn.wfile.together():
                request.ensure_headers_sent()
                request.write(piece)
            left -= len(piece)
        request.ensure_headers_sent()
        if left > 0 and request.method != b"HEAD":
            request.close_connection = True  # else the client waits for the rest for ever


def _finished(answer: Response, asked: Request) -> tuple[Iterable[bytes], str, Fields]:
    """Pieces of the body, status and headers; werkzeug knows what belongs to the rarer statuses."""
    headers = answer.headers
    if answer.status_code not in PLAIN or "Location" in headers:
        _, status, told = answer.get_wsgi_response(asked.environ)
    else:
        if answer.is_sequence and "Content-Length" not in headers:
            headers["Content-Length"] = str(sum(map(len, answer.iter_encoded())))
        status, told = answer.status, list(headers)
    return answer.get_app_iter(asked.environ), status, told


def known(request: Any, names: Names, gateway: Gateway) -> AtOnce | None:
    """None where the request goes the whole way, which refuses what is not to be admitted."""
    if events.infra_stopping.is_set():
        return None
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.fields]
    method, target = request.method.decode("latin-1"), request.uri.decode("latin-1")
    for door in DOORS:
        handler = door.handler_of(method, target, headers)
        if handler is not None and refusal(headers, names) is None:
            return AtOnce(request, handler, headers, gateway, door.bound)
    return None


def _asked(request: Any, headers: Fields) -> Request:
    """With as much of WSGI's environment as the handlers look at."""
    target = request.uri.decode("latin-1")
    asked = Request(
        {
            "REQUEST_METHOD": request.method.decode("latin-1"),
            "PATH_INFO": request.path.decode("latin-1"),
            "QUERY_STRING": request.qs.decode("latin-1"),
            "RAW_URI": target,
            "REQUEST_URI": target,
            "REMOTE_ADDR": request.conn.remote_addr or "",
            "SERVER_NAME": request.server.server_name,
            "SERVER_PORT": str(request.server.bind_addr[1]),
            "SERVER_PROTOCOL": request.request_protocol.decode("latin-1"),
            "wsgi.input": request.rfile,
            "wsgi.input_terminated": True,
            "wsgi.url_scheme": "http",
        }
    )
    asked.headers = SentHeaders(headers)
    return asked


class SentHeaders(ImmutableHeadersMixin, Headers):  # type: ignore[misc]
    """Looked up in one step: most of what the handlers of a small request ask for is not there,
    for which werkzeug's looks through the list and makes an HTTP error of its own each time."""

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        self._list = fields
        self._first = {name.lower(): value for name, value in reversed(fields)}

    def _get_key(self, key: str) -> str:
        return self._first[key.lower()]
