"""cheroot's requests and connections, made strict: doubtful heads, cut bodies, slow clients."""

from __future__ import annotations

import io
import socket
import time
from contextlib import suppress
from typing import Any

from cheroot.makefile import MakeFile, StreamReader
from cheroot.server import HTTPConnection, HTTPRequest

from services.edge.http import heads
from services.edge.http.bodies import Body, ChunkedBody, LengthBody

# A request may take this long, and a second more for each SLOWEST bytes of it.
REQUEST_SECONDS = 30.0
SLOWEST = 1024
# What is left of a body is read after an early answer, for the connection's next request; a
# longer rest ends the connection.
REST_BYTES = 64 * 2**10
# A client that is still sending sees a reset instead of its answer, unless it is read on.
LINGER_SECONDS = 2.0


class Request(HTTPRequest):  # type: ignore[misc]
    """`fields` has the headers as they were sent."""

    def __init__(self, server: Any, connection: Any) -> None:
        # As a proxy it takes `//key` for a path, as S3's clients mean it; see read_request_line.
        super().__init__(server, connection, proxy_mode=True)
        self.fields: list[heads.Field] = []
        self.header_reader = self._read_fields
        self.body: Body = LengthBody(connection.rfile, 0)

    def parse_request(self) -> None:
        self.conn.rfile.raw.begin()
        self.rfile = heads.Lines(self.conn.rfile, 2 * heads.SECTION_BYTES)
        try:
            self.ready = self.read_request_line() and self._has_headers()
        except heads.HeadError as refused:
            self.simple_response("400 Bad Request", str(refused))

    def read_request_line(self) -> bool:
        try:
            is_read: bool = super().read_request_line()  # type: ignore[no-untyped-call]
        except heads.HeadError:
            raise
        except ValueError as error:  # of urlsplit, where cheroot expects none
            raise heads.HeadError("Malformed request target.") from error
        if is_read and not (self.uri.startswith(b"/") or self.uri == b"*"):
            raise heads.HeadError("Expected a request target that begins with a slash.")
        return is_read

    def _has_headers(self) -> bool:
        return bool(self.read_request_headers())  # type: ignore[no-untyped-call]

    def _read_fields(self, lines: heads.Lines, combined: dict[bytes, bytes]) -> None:
        self.fields = heads.fields(iter(lines.readline, b""))
        heads.check(self.fields)
        combined.update(heads.combined(self.fields))
        if b"Transfer-Encoding" in combined and self.response_protocol != "HTTP/1.1":
            raise heads.HeadError("Expected no Transfer-Encoding before HTTP/1.1.")

    def respond(self) -> None:
        source = self.conn.rfile
        length = int(self.inheaders.get(b"Content-Length", 0))
        self.body = ChunkedBody(source) if self.chunked_read else LengthBody(source, length)
        self.rfile = io.BufferedReader(self.body)
        self.server.gateway(self).respond()
        if self.ready:
            self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")

    def send_headers(self) -> None:
        if not self.body.drained(REST_BYTES):
            self.close_connection = True
            self.conn.is_unread = True
        super().send_headers()

    def simple_response(self, status: str, msg: str = "") -> None:
        """Of a request that is refused before it is understood, or that took too long."""
        self.close_connection = True
        self.conn.is_unread = True
        text = msg.encode("latin-1", "replace")
        head = (
            f"{self.server.protocol} {status}\r\nContent-Length: {len(text)}\r\n"
            "Content-Type: text/plain\r\nConnection: close\r\n\r\n"
        )
        with suppress(OSError):
            self.conn.wfile.write(head.encode("ascii") + text)


class Connection(HTTPConnection):  # type: ignore[misc]
    """Whoever sends too slowly is cut off; whoever is cut off can still read why."""

    RequestHandlerClass = Request
    is_unread = False

    def __init__(self, server: Any, sock: Any, makefile: Any = MakeFile) -> None:
        super().__init__(server, sock, makefile)
        self.rfile = _Reader(sock)

    def close(self) -> None:
        if self.is_unread:
            with suppress(OSError):
                self._linger()
        super().close()

    def _linger(self) -> None:
        deadline = time.monotonic() + LINGER_SECONDS
        self.socket.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            if not self.socket.recv(REST_BYTES):
                return


class _Reader(StreamReader):  # type: ignore[misc]
    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock, "rb")
        self._raw = _PatientSocket(sock)


class _PatientSocket(socket.SocketIO):
    """Reads time out as a whole, not one by one: a byte a minute would hold a thread for ever."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock, "rb")
        self._socket, self._each = sock, sock.gettimeout() or REQUEST_SECONDS
        self.begin()

    def begin(self) -> None:
        """A new request begins."""
        self._deadline = time.monotonic() + REQUEST_SECONDS

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(min(left, self._each))
        try:
            count = super().readinto(buffer)
        finally:
            self._socket.settimeout(self._each)
        self._deadline += (count or 0) / SLOWEST
        return count
