"""The head of an HTTP/1.1 request, read as RFC 9112 asks of a server: what is doubtful is refused.

A request that two programs may read differently (where does it end, whom is it for?) is answered
400 and its connection closed, for what follows on it cannot be told from its body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

Field = tuple[bytes, bytes]

SECTION_BYTES = 64 * 2**10
FIELDS = 200
BODY_BYTES = 5 * 2**40  # S3's greatest object; no request of AWS is longer
# What is matched is never given back: a head that does not match costs no more than its length.
FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]++):[ \t]*+([^\x00-\x08\x0a-\x1f\x7f]*+)\r\n")
SECTION = re.compile(rb"(?:" + FIELD.pattern + rb")*+\r\n")
HOST = re.compile(rb"[A-Za-z0-9\-._~%!$&'()*+;=:\[\]]+")
LINE = re.compile(rb"[^\x00\r\n]*\r\n")
CRLF = b"\r\n"
# cheroot compares them as they are written.
SPELLINGS = {value.lower(): value for value in (b"close", b"Keep-Alive", b"100-continue")}


class HeadError(ValueError):
    """Why a request is refused; its text is the answer's body."""


class Source(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class Lines:
    """The lines of a head, each ended by CR LF, together no longer than `limit` bytes."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source, self._left = source, limit

    def readline(self) -> bytes:
        """One line with its end, or nothing where the connection has ended before it."""
        line = self._source.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            raise HeadError("The line is too long.")
        if line and not LINE.fullmatch(line):
            raise HeadError("Expected each line to end in CR LF, and no other CR, LF or NUL.")
        return line


def fields_of(section: bytes) -> list[Field]:
    """Those of a section that was received whole; none where `fields` tells what is wrong."""
    if len(section) > SECTION_BYTES or not SECTION.fullmatch(section):
        return []
    found = [(name, value.rstrip(b" \t")) for name, value in FIELD.findall(section)]
    return found if len(found) <= FIELDS else []


def fields(lines: Iterator[bytes]) -> list[Field]:
    """Names and values as they were sent, in their order, up to the empty line."""
    found: list[Field] = []
    left = SECTION_BYTES
    for line in lines:
        if line == CRLF:
            return found
        left -= len(line)
        if left < 0:
            raise HeadError(f"Too long headers: expected at most {SECTION_BYTES} bytes together.")
        field = FIELD.fullmatch(line)
        if field is None:
            raise HeadError("Expected a header as `Name: value` on one line.")
        if len(found) == FIELDS:
            raise HeadError(f"Too many headers: expected at most {FIELDS}.")
        found.append((field[1], field[2].rstrip(b" \t")))
    raise HeadError("The connection ended within the headers.")


def check(found: Iterable[Field]) -> None:
    """Raise HeadError unless it is clear for whom the request is and where its body ends."""
    named: dict[bytes, list[bytes]] = {}
    for name, value in found:
        named.setdefault(name.lower(), []).append(value)
    hosts = named.get(b"host", [])
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
        raise HeadError("Expected one Host header, with a name or address.")
    lengths, codings = named.get(b"content-length", []), named.get(b"transfer-encoding", [])
    if lengths and codings:
        raise HeadError("Expected Content-Length or Transfer-Encoding, found both.")
    if len(set(lengths)) > 1:
        raise HeadError("Found several lengths of one body.")
    if lengths:
        _check_length(lengths[0])
    if codings and (len(codings) > 1 or codings[0].lower() != b"chunked"):
        raise HeadError("Expected no other Transfer-Encoding than chunked.")


def combined(found: Iterable[Field]) -> dict[bytes, bytes]:
    """By title-cased name, as cheroot and WSGI look headers up; repeated ones joined.

    Names with `_` are left out: in WSGI's environment they would pass for the ones with `-`.
    """
    joined: dict[bytes, bytes] = {}
    for name, value in found:
        key = name.title()
        if b"_" in name or (key == b"Content-Length" and key in joined):
            continue
        joined[key] = b", ".join((joined[key], value)) if key in joined else value
    for key in joined.keys() & {b"Connection", b"Expect"}:
        joined[key] = SPELLINGS.get(joined[key].lower(), joined[key])
    return joined


def _check_length(text: bytes) -> None:
    # bytes.isdigit knows ASCII's digits alone; the text is short before it becomes a number.
    if not text.isdigit() or len(text) > 19 or int(text) > BODY_BYTES:
        raise HeadError(f"Expected a Content-Length from 0 to {BODY_BYTES}.")
