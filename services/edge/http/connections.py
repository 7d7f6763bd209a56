"""cheroot's requests and connections, made strict: doubtful heads, cut bodies, slow clients."""

from __future__ import annotations

import io
import re
import socket
import threading
import time
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from cheroot.server import HTTPConnection, HTTPRequest

from services.edge.http import heads, turns
from services.edge.http.bodies import Body, ChunkedBody, LengthBody
from services.edge.http.sockets import opened

# What is left of a body is read after an early answer, for the connection's next request; a
# longer rest ends the connection.
REST_BYTES = 64 * 2**10
# A client that is still sending sees a reset instead of its answer, unless it is read on.
LINGER_SECONDS = 2.0
# A request to a path of this server, with nothing in it that could be read in another way.
PLAIN_LINE = re.compile(
    rb"(GET|HEAD|PUT|POST|DELETE) ((/(?!/)[A-Za-z0-9%!$&'()*+,./:;=@_~-]{0,4096})"
    rb"(?:\?([A-Za-z0-9%!$&'()*+,./:;=@_~?-]{0,4096}))?) HTTP/1\.1\r\n"
)
CRLF = b"\r\n"
SECTION_END = b"\r\n\r\n"
# How long a thread stays with a client that it has answered, and how many threads may do so.
AT_ONCE_SECONDS = 0.02
FIRST_BYTE_SECONDS = 1.0
WATCHED = threading.BoundedSemaphore(64)


class Request(HTTPRequest):  # type: ignore[misc]
    """`fields` has the headers as they were sent."""

    def __init__(self, server: Any, connection: Any) -> None:
        # As a proxy it takes `//key` for a path, as S3's clients mean it; see read_request_line.
        super().__init__(server, connection, proxy_mode=True)
        self.fields: list[heads.Field] = []
        self.header_reader = self._read_fields
        self.body: Body = LengthBody(connection.rfile, 0)

    def parse_request(self) -> None:
        self.conn.rfile.begin()
        self.rfile = heads.Lines(self.conn.rfile, 2 * heads.SECTION_BYTES)
        try:
            self.ready = self.read_request_line() and self._has_headers()
        except heads.HeadError as refused:
            self.simple_response("400 Bad Request", str(refused))

    def read_request_line(self) -> bool:
        found = PLAIN_LINE.fullmatch(self.conn.rfile.until(CRLF))
        if found is not None:
            self._take_line(found)
            return True
        try:
            is_read: bool = super().read_request_line()  # type: ignore[no-untyped-call]
        except heads.HeadError:
            raise
        except ValueError as error:  # of urlsplit, where cheroot expects none
            raise heads.HeadError("Malformed request target.") from error
        if is_read and not (self.uri.startswith(b"/") or self.uri == b"*"):
            raise heads.HeadError("Expected a request target that begins with a slash.")
        return is_read

    def _take_line(self, found: re.Match[bytes]) -> None:
        """As cheroot leaves a line that is read: most are plain, and are read here in one step."""
        self.conn.rfile.read(len(found[0]))
        self.started_request = True
        self.method, self.uri, path, self.qs = found[1], found[2], found[3], found[4] or b""
        self.authority, self.path = b"", unquote_to_bytes(path) if b"%" in path else path
        self.request_protocol, self.response_protocol = b"HTTP/1.1", "HTTP/1.1"

    def _has_headers(self) -> bool:
        return bool(self.read_request_headers())  # type: ignore[no-untyped-call]

    def _read_fields(self, lines: heads.Lines, combined: dict[bytes, bytes]) -> None:
        section = self.conn.rfile.until(SECTION_END)
        self.fields = heads.fields_of(section)
        if self.fields:
            self.conn.rfile.read(len(section))
        else:
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
        if not any(name.lower() == b"date" for name, _ in self.outheaders):
            self.outheaders.append((b"Date", _date(int(time.time()))))
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


@lru_cache(maxsize=1)
def _date(now: int) -> bytes:
    return formatdate(now, usegmt=True).encode("ascii")


class Connection(HTTPConnection):  # type: ignore[misc]
    """Whoever sends too slowly is cut off; whoever is cut off can still read why."""

    RequestHandlerClass = Request
    is_unread = False

    def __init__(self, server: Any, sock: Any, _makefile: Any = None) -> None:
        super().__init__(server, sock, opened)

    def communicate(self) -> bool:
        """Whether the connection stays open.

        A client that asks again at once keeps its thread: to hand its connection to the one that
        watches all of them, and then to another, takes longer than a small request.
        """
        self.rfile.comes(FIRST_BYTE_SECONDS)  # a turn is for what is there to be read
        while self._answered():
            if not self._asks_again():
                return True
        return False

    def _answered(self) -> bool:
        """Whether the connection stays open after one request and its answer."""
        turns.begin()
        try:
            return bool(super().communicate())  # type: ignore[no-untyped-call]
        finally:
            turns.end()

    def _asks_again(self) -> bool:
        if not self.server.ready or self.server.requests.qsize:
            return False
        if not WATCHED.acquire(blocking=False):
            return False
        try:
            return bool(self.rfile.comes(AT_ONCE_SECONDS))
        finally:
            WATCHED.release()

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
