"""A connection's bytes in and out, in as few calls of the operating system as there can be.

cheroot reads and writes by Python's own io in Python (cheroot/makefile.py): that alone took a
third of a small request. A socket with a time-out never blocks (docs.python.org/3/library/socket),
so it is read first and waited for only where nothing is there.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.edge.http import turns

# A request may take this long, and a second more for each SLOWEST bytes of it.
REQUEST_SECONDS = 30.0
SLOWEST = 1024
PIECE_BYTES = 64 * 2**10


class Reader:
    """Reads time out as a whole, not one by one: a byte a minute would hold a thread for ever."""

    def __init__(self, sock: socket.socket) -> None:
        self._number, self._each = sock.fileno(), sock.gettimeout() or REQUEST_SECONDS
        self._poll = select.poll()
        self._poll.register(self._number, select.POLLIN)
        self._held, self._at = b"", 0
        self.bytes_read = 0  # cheroot's statistics ask for it
        self.closed = False  # and its end, which cuts off whoever is still asking
        self.begin()

    def begin(self) -> None:
        """A new request begins."""
        self._deadline = time.monotonic() + REQUEST_SECONDS

    def has_data(self) -> bool:
        """Whether something is here that has been received but not read."""
        return self._at < len(self._held)

    def comes(self, seconds: float) -> bool:
        """Whether there is something to read, if only the end, within that time."""
        return self.has_data() or bool(self._poll.poll(seconds * 1000))

    def until(self, end: bytes) -> bytes:
        """What has been received up to and with `end`, if that has; it stays to be read.

        Where nothing is there, whatever comes first is waited for.
        """
        if not self.has_data():
            self._held, self._at = self._received(PIECE_BYTES), 0
        found = self._held.find(end, self._at)
        return self._held[self._at : found + len(end)] if found >= 0 else b""

    def readline(self, size: int) -> bytes:
        """Up to and with the next LF, at most `size` bytes; less only at the end."""
        while True:
            end = self._held.find(b"\n", self._at, self._at + size) + 1
            if end or len(self._held) - self._at >= size:
                return self._taken(end - self._at if end else size)
            data = self._received(PIECE_BYTES)
            if not data:
                return self._taken(size)
            self._held, self._at = self._held[self._at :] + data, 0

    def read(self, size: int) -> bytes:
        """That many bytes; less only at the end."""
        pieces = [self._taken(size)]
        size -= len(pieces[0])
        while size > 0 and (data := self._received(max(size, PIECE_BYTES))):
            pieces.append(data[:size])
            self._held, self._at = data[size:], 0
            size -= len(pieces[-1])
        return b"".join(pieces)

    def close(self) -> None:
        """The socket is its connection's to close."""
        self.closed = True

    def _taken(self, size: int) -> bytes:
        data = self._held[self._at : self._at + size]
        self._at += len(data)
        return data

    def _received(self, size: int) -> bytes:
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            try:
                data = os.read(self._number, size)
            except BlockingIOError:
                turns.end()
                if not self._poll.poll(min(left, self._each) * 1000):
                    raise TimeoutError("timed out") from None
                continue
            self._deadline += len(data) / SLOWEST
            self.bytes_read += len(data)
            return data


class Writer:
    """Everything is sent at once, but for what is written `together`."""

    def __init__(self, sock: socket.socket) -> None:
        self._number, self._seconds = sock.fileno(), sock.gettimeout()
        self._held: list[bytes] | None = None
        self.bytes_written = 0  # cheroot's statistics ask for it

    def write(self, data: bytes) -> int:
        if self._held is not None:
            self._held.append(data)
        else:
            self._send(data)
        return len(data)

    @contextmanager
    def together(self) -> Iterator[None]:
        """A head and its body in one segment: the client is woken once."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            self._send(b"".join(held))

    def close(self) -> None:
        """The socket is its connection's to close."""

    def _send(self, data: bytes) -> None:
        self.bytes_written += len(data)
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._number, left) :]
            except BlockingIOError:
                self._await_room()

    def _await_room(self) -> None:
        turns.end()
        poll = select.poll()
        poll.register(self._number, select.POLLOUT)
        if not poll.poll(None if self._seconds is None else self._seconds * 1000):
            raise TimeoutError("timed out")


def opened(sock: socket.socket, mode: str, *_: Any) -> Reader | Writer:
    """As cheroot asks for the two sides of a connection."""
    return Reader(sock) if "r" in mode else Writer(sock)
