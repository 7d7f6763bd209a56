"""The edge's HTTP server: cheroot's thread pool in place of LocalStack's Twisted set-up.

LocalStack's listens on all interfaces, whatever GATEWAY_LISTEN says; this one on the named address.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from cheroot.wsgi import Gateway_10, Server
from localstack import config
from localstack.runtime.server.core import RuntimeServer
from rolo.gateway import Gateway
from rolo.gateway.wsgi import WsgiGateway

from services.admission import Names
from services.admission_wsgi import admitting
from services.edge.concurrency import bounded
from services.edge.http import at_once, turns, unread_lines, whole_bodies
from services.edge.http.bodies import BodyError
from services.edge.http.connections import Connection
from services.edge.served_calls import refusal_answers

BACKLOG = 256
SIGNAL_SECONDS = 1.0


class ThreadedServer(RuntimeServer):  # type: ignore[misc]
    """One cheroot server per address, all of plain HTTP."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._servers: list[Server] = []
        self._is_stopped = threading.Event()

    def register(
        self,
        gateway: Gateway,
        listen: list[config.HostAndPort],
        ssl_creds: tuple[str, str] | None = None,  # noqa: ARG002 - plain HTTP only
    ) -> None:
        whole_bodies.add(gateway)
        unread_lines.leave_out(gateway)
        application = admitting(bounded(WsgiGateway(gateway)), self._names, refusal_answers.answer)
        for address in listen:
            server = Server(
                (address.host, address.port),
                application,
                numthreads=config.GATEWAY_WORKER_COUNT,
                request_queue_size=BACKLOG,
                timeout=60,
            )
            server.ConnectionClass = Connection
            server.gateway = self._answering(gateway)
            server.keep_alive_conn_limit = None  # type: ignore[assignment]  # else the eleventh client is cut off
            server.prepare()  # binds here, so that a taken port is an error at once
            self._servers.append(server)

    def _answering(self, gateway: Gateway) -> Callable[[Any], Any]:
        """What answers one request, as cheroot asks for it."""

        def found(request: Any) -> Any:
            known = at_once.known(request, self._names, gateway)
            if known is None:
                turns.end()  # LocalStack's whole chain is no small request
            return known or _RoloGateway(request)

        return found

    def run(self) -> None:
        """Returns once it was shut down, also where that was before it began: a signal may come
        while LocalStack still starts, and would be forgotten."""
        if self._is_stopped.is_set():
            self.shutdown()  # those that were made since
            return
        threads = [threading.Thread(target=server.serve, daemon=True) for server in self._servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                # A signal may reach another thread: it is handled here, but wakes no one up.
                thread.join(SIGNAL_SECONDS)

    def shutdown(self) -> None:
        self._is_stopped.set()
        for server in self._servers:
            server.stop()


class _RoloGateway(Gateway_10):  # type: ignore[misc]
    """WSGI with what rolo wants beside: the raw address and the headers as they were sent."""

    _sent = 0

    def respond(self) -> None:
        try:
            super().respond()
        except BodyError as error:  # of a body that was read before LocalStack's chain
            self.req.simple_response("400 Bad Request", error.message)
            self.req.sent_headers = True
        promised = self.remaining_bytes_out or 0  # cheroot never counts it down
        if self._sent < promised and self.req.method != b"HEAD":
            self.req.close_connection = True  # else the client waits for the rest for ever

    def write(self, chunk: bytes) -> None:
        self._sent += len(chunk)
        with self.req.conn.wfile.together():
            super().write(chunk)

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        uri: bytes = self.req.uri
        environ["RAW_URI"] = environ["REQUEST_URI"]
        environ["PATH_INFO"] = unquote_to_bytes(uri.partition(b"?")[0]).decode("latin-1")
        environ["rolo.headers"] = self.req.fields
        environ["wsgi.input_terminated"] = True  # it ends by itself, with or without a length
        return environ
