"""Requests as bytes over a socket: what no client of HTTP would send."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Exchange:
    """The final answer's status, the bytes of all, whether the server closed, and how soon."""

    status: int | None
    answer: bytes
    is_closed: bool
    seconds: float


def exchange(url: str, request: bytes, cut: bool = False, seconds: float = 5.0) -> Exchange:
    """Send the bytes, with `cut` end the sending side, and read until the server closes."""
    address = urlsplit(url)
    began = time.monotonic()
    answer, is_closed = b"", False
    with socket.create_connection((address.hostname, address.port), timeout=seconds) as connection:
        connection.sendall(request)
        if cut:
            connection.shutdown(socket.SHUT_WR)
        try:
            while data := connection.recv(65536):
                answer += data
            is_closed = True
        except TimeoutError:
            pass
    return Exchange(_final_status(answer), answer, is_closed, time.monotonic() - began)


def _final_status(answer: bytes) -> int | None:
    """Passes over `100 Continue`, which a real answer follows."""
    while answer.startswith(b"HTTP/1.1 1"):
        answer = answer.partition(b"\r\n\r\n")[2]
    words = answer.partition(b"\r\n")[0].split(b" ")
    return int(words[1]) if len(words) > 1 else None


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """With a Host; the body's length is the test's to tell."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
