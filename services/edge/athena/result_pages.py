"""Pages of a result file: parsed from where the last page ended, never the whole file."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from services.edge.athena.errors import invalid

Document = dict[str, Any]
CHUNK = 256 * 1024
_FIELD = re.compile(rb'(?:"((?:[^"]|"")*)")?([,\n])')
Bytes = Callable[[int, int], bytes]  # offset and size; fewer bytes only at the end


def token(identifier: str, offset: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([identifier, offset]).encode()).decode()


def offset(written: str | None, identifier: str) -> int:
    """Where the page begins; raises InvalidRequestException for another query's token."""
    if written is None:
        return 0
    try:
        owner, start = json.loads(base64.urlsafe_b64decode(written.encode()))
    except (ValueError, TypeError, binascii.Error) as error:
        raise invalid(f"NextToken {written!r} was not given by this operation") from error
    if owner != identifier or not isinstance(start, int) or start < 0:
        raise invalid("NextToken belongs to another query")
    return start


def rows(read: Bytes, start: int, size: int, is_csv: bool) -> tuple[list[Document], int | None]:
    """At most `size` rows from the byte `start` on, and where the next page begins, if any."""
    parse = _csv_row if is_csv else _line
    found: list[Document] = []
    buffer, at, wanted = read(start, CHUNK), 0, CHUNK
    is_whole = len(buffer) < CHUNK
    while len(found) < size:
        parsed = parse(buffer, at)
        if parsed is not None:
            row, at = parsed
            found.append(row)
        elif is_whole:
            return found, None
        else:
            start, buffer, at = start + at, buffer[at:], 0
            wanted *= 2
            more = read(start + len(buffer), wanted)
            is_whole = len(more) < wanted
            buffer += more
    ended = is_whole and at >= len(buffer)
    return found, None if ended else start + at


def _csv_row(buffer: bytes, at: int) -> tuple[Document, int] | None:
    values: list[Document] = []
    while match := _FIELD.match(buffer, at):
        value, end = match.groups()
        at = match.end()
        if value is None:
            values.append({})
        else:
            values.append({"VarCharValue": value.replace(b'""', b'"').decode()})
        if end == b"\n":
            return {"Data": values}, at
    return None


def _line(buffer: bytes, at: int) -> tuple[Document, int] | None:
    end = buffer.find(b"\n", at)
    if end < 0:
        return None
    return {"Data": [{"VarCharValue": buffer[at:end].decode()}]}, end + 1
