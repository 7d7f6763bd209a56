"""Pages of log events: streams of events in, one page and the tokens of the next ones out.

A stream's events are in the order of (timestamp, event id); a token is such a position, so a page
costs what it holds, however long the log is, and what is written meanwhile moves nothing.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_EVENTS = 10_000
MOST_BYTES = 2**20  # of a page, as AWS counts them: UTF-8 and 26 for each event
EVENT_BYTES = 26
TOKEN = re.compile(r"([bf])/(\d{20})(\d{20})")

Position = tuple[int, int]
BEFORE_ALL: Position = (0, 0)


class Event(Protocol):
    timestamp: int
    event_id: int
    message: str


class TokenError(ValueError):
    """The token is none that this service has given."""


@dataclass(frozen=True)
class Window:
    """Milliseconds: from `start` on and before `end`."""

    start: int = 0
    end: int | None = None


def position(event: Event) -> Position:
    return event.timestamp, event.event_id


def filtered(
    streams: Mapping[str, Sequence[Event]],
    window: Window,
    matches: Callable[[str], bool],
    limit: int,
    token: str | None,
) -> tuple[list[tuple[str, Event]], str | None]:
    """Events of all streams in the order of time, and the token where there are more."""
    after = _position(token, "f") if token else None
    found: list[tuple[str, Event]] = []
    size = 0
    for name, event in _merged(streams, window, after):
        if not matches(event.message):
            continue
        size += _bytes(event)
        if len(found) == limit or (found and size > MOST_BYTES):
            return found, _token("f", position(found[-1][1]))
        found.append((name, event))
    return found, None


def of_stream(
    events: Sequence[Event], window: Window, limit: int, token: str | None, *, from_head: bool
) -> tuple[Sequence[Event], str, str]:
    """A page of one stream in the order of time, its backward and its forward token."""
    low, high = _bounds(events, window)
    if token is None:
        backward, edge = not from_head, None
    else:
        backward, edge = token[:1] == "b", _position(token)
    if edge is not None and backward:
        high = max(low, min(high, bisect_left(events, edge, key=position)))
    elif edge is not None:
        low = min(high, max(low, bisect_right(events, edge, key=position)))
    chosen = events[low:high]
    if backward:
        page = chosen[len(chosen) - _fitting(reversed(chosen), limit) :]
    else:
        page = chosen[: _fitting(chosen, limit)]
    return page, *_tokens(page, edge, backward=backward)


def _tokens(page: Sequence[Event], edge: Position | None, *, backward: bool) -> tuple[str, str]:
    """At the end of a stream the token that was passed comes back, as AWS tells that end."""
    if page:
        return _token("b", position(page[0])), _token("f", position(page[-1]))
    time, number = edge or BEFORE_ALL
    if backward:
        return _token("b", (time, number)), _token("f", (time, max(0, number - 1)))
    return _token("b", (time, number + 1)), _token("f", (time, number))


def _merged(
    streams: Mapping[str, Sequence[Event]], window: Window, after: Position | None
) -> Iterator[tuple[str, Event]]:
    def part(name: str, events: Sequence[Event]) -> Iterator[tuple[str, Event]]:
        low, high = _bounds(events, window)
        if after is not None:
            low = max(low, bisect_right(events, after, key=position))
        return ((name, events[index]) for index in range(low, high))

    parts = [part(name, events) for name, events in streams.items()]
    return heapq.merge(*parts, key=lambda found: position(found[1]))


def _bounds(events: Sequence[Event], window: Window) -> tuple[int, int]:
    low = bisect_left(events, (window.start, -1), key=position)
    if window.end is None:
        return low, len(events)
    return low, max(low, bisect_left(events, (window.end, -1), key=position))


def _fitting(events: Iterable[Event], limit: int) -> int:
    """How many of the first events make one page, at least one."""
    count = size = 0
    for event in events:
        size += _bytes(event)
        if count == limit or (count and size > MOST_BYTES):
            break
        count += 1
    return count


def _bytes(event: Event) -> int:
    return len(event.message.encode()) + EVENT_BYTES


def _token(direction: str, where: Position) -> str:
    return f"{direction}/{where[0]:020d}{where[1]:020d}"


def _position(token: str, direction: str | None = None) -> Position:
    match = TOKEN.fullmatch(token)
    if match is None or direction not in (None, match[1]):
        raise TokenError("The specified nextToken is invalid.")
    return int(match[2]), int(match[3])
