"""The edge's HTTP server: cheroot's thread pool in place of LocalStack's Twisted set-up.

LocalStack's listens on all interfaces, whatever GATEWAY_LISTEN says; this one on the named address.
"""

from __future__ import annotations

import io
import threading
from typing import Any
from urllib.parse import unquote_to_bytes

from cheroot.wsgi import Gateway_10, Server
from localstack import config
from localstack.runtime.server.core import RuntimeServer
from rolo.gateway import Gateway
from rolo.gateway.wsgi import WsgiGateway
from werkzeug.datastructures import ImmutableMultiDict

from services.admission import Names
from services.admission_wsgi import admitting
from services.edge import refused_calls
from services.edge.concurrency import bounded

BACKLOG = 256
SIGNAL_SECONDS = 1.0
INVOKED_PATHS = ("/_aws/execute-api/", "/_user_request_/")


class ThreadedServer(RuntimeServer):  # type: ignore[misc]
    """One cheroot server per address, all of plain HTTP."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._servers: list[Server] = []

    def register(
        self,
        gateway: Gateway,
        listen: list[config.HostAndPort],
        ssl_creds: tuple[str, str] | None = None,  # noqa: ARG002 - plain HTTP only
    ) -> None:
        gateway.request_handlers.insert(0, _keep_form_body)
        application = admitting(bounded(WsgiGateway(gateway)), self._names, refused_calls.told)
        for address in listen:
            server = Server(
                (address.host, address.port),
                application,
                numthreads=config.GATEWAY_WORKER_COUNT,
                request_queue_size=BACKLOG,
                timeout=60,
            )
            server.gateway = _RoloGateway
            server.keep_alive_conn_limit = None  # type: ignore[assignment]  # else the eleventh client is cut off
            server.prepare()  # binds here, so that a taken port is an error at once
            self._servers.append(server)

    def run(self) -> None:
        threads = [threading.Thread(target=server.serve, daemon=True) for server in self._servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                # A signal may reach another thread: it is handled here, but wakes no one up.
                thread.join(SIGNAL_SECONDS)

    def shutdown(self) -> None:
        for server in self._servers:
            server.stop()


def _keep_form_body(_chain: Any, context: Any, _response: Any) -> None:
    """Keep the bytes of a webhook that calls itself a form, as curl does: LocalStack parses it.

    Only for calls of a deployed REST API: AWS's query protocols are real forms.
    """
    request = context.request
    if any(part in request.path for part in INVOKED_PATHS) or ".execute-api." in request.host:
        request.get_data(cache=True, parse_form_data=False)
        request.form = ImmutableMultiDict()


class _RoloGateway(Gateway_10):  # type: ignore[misc]
    """WSGI with what rolo wants beside: the raw address and the headers as they were sent."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        uri: bytes = self.req.uri
        environ["RAW_URI"] = environ["REQUEST_URI"]
        environ["PATH_INFO"] = unquote_to_bytes(uri.partition(b"?")[0]).decode("latin-1")
        environ["rolo.headers"] = list(self.req.inheaders.items())
        # Without a body there is no length; werkzeug must not wait for one.
        environ["wsgi.input_terminated"] = True
        if self.req.chunked_read:
            environ["wsgi.input"] = io.BufferedReader(_Chunks(self.req.rfile))
        return environ


class _Chunks(io.RawIOBase):
    """The body of a request without a length, by `read` alone: cheroot's `readline` never ends."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: bytes = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
