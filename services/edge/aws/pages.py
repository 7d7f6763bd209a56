"""Pages of listings and their tokens: one design for every service.

A token names the listing that it belongs to and the last entry given, not a number of entries: so
what is added or deleted between two calls moves nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Refusal = Callable[[str], Exception]


@dataclass(frozen=True)
class Paging:
    """A service's names of the two fields, and its errors for a wrong size or token."""

    size_field: str
    token_field: str
    bad_size: Refusal
    bad_token: Refusal

    def page(
        self, request: Document, field: str, entries: list[Any], most: int, key: str | None = None
    ) -> Document:
        """The answer with at most `most` of all entries, and the token of those that follow.

        `key` is the member that tells entries apart; without it they are texts themselves.
        """
        size, start = self.size(request, most), self._start(request, field, entries, key)
        chosen, end = entries[start : start + size], start + size
        answer: Document = {field: chosen}
        if end < len(entries):
            last = _digest(_key(chosen[-1], key))
            answer[self.token_field] = token(field, [str(end), last])
        return answer

    def size(self, request: Document, most: int) -> int:
        size = request.get(self.size_field)
        if size is None:
            return most
        if not 1 <= size <= most:
            raise self.bad_size(f"{self.size_field} must be from 1 to {most}, found {size}.")
        return int(size)

    def position(self, request: Document, listing: str, start: list[str]) -> list[str]:
        """The position in the request's token, as long as `start`, where the listing begins."""
        given = request.get(self.token_field)
        if not given:
            return start
        last: list[str]
        try:
            digest, *last = json.loads(base64.urlsafe_b64decode(given.encode()))
        except (ValueError, TypeError, RecursionError):
            digest, last = "", []
        is_whole = len(last) == len(start) and all(isinstance(part, str) for part in last)
        if digest != _digest(listing) or not is_whole:
            shown = given[:50]
            raise self.bad_token(f"{self.token_field} {shown!r} was not given by this listing.")
        return last

    def _start(self, request: Document, field: str, entries: list[Any], key: str | None) -> int:
        """Behind the last entry given; where it is gone, at its place."""
        number, last = self.position(request, field, ["0", ""])
        if not number.isdecimal():
            raise self.bad_token(f"{self.token_field} was not given by this listing.")
        if last:
            for place, entry in enumerate(entries, start=1):
                if _digest(_key(entry, key)) == last:
                    return place
        return int(number)


def token(listing: str, last: list[str]) -> str:
    """`listing` is what was listed, `last` the position after which the next page begins."""
    return base64.urlsafe_b64encode(json.dumps([_digest(listing), *last]).encode()).decode()


def _key(entry: Any, key: str | None) -> str:
    return str(entry if key is None else entry[key])


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
