"""Tokens of the catalog's pages: they name the last entry given, and the listing they belong to."""

from __future__ import annotations

import base64
import hashlib
import json

from services.edge.glue.errors import invalid_input


def token(listing: str, last: list[str]) -> str:
    """`listing` is what was listed, `last` the position after which the next page begins."""
    return base64.urlsafe_b64encode(json.dumps([_digest(listing), *last]).encode()).decode()


def position(given: str | None, listing: str, start: list[str]) -> list[str]:
    """The position that a token names, as long as `start`, which is where a listing begins."""
    if not given:
        return start
    try:
        digest, *last = json.loads(base64.urlsafe_b64decode(given.encode()))
        valid = digest == _digest(listing) and [type(part) for part in last] == [str] * len(start)
    except (ValueError, TypeError, RecursionError):
        valid = False
    if not valid:
        shown = given[:50]
        raise invalid_input(f"NextToken {shown!r} was not given by this listing.")
    return list(map(str, last))


def _digest(listing: str) -> str:
    return hashlib.blake2b(listing.encode(), digest_size=8).hexdigest()
