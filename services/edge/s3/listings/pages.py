"""A page of an ordered listing: keys and common prefixes, by the rules of S3's list calls.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

REACH = 1  # keys below a common prefix that are stepped over before the next one is looked up
SURROGATES = (0xD800, 0xDFFF)


class Entry(NamedTuple):
    """An object, a version of one, or a delete marker, which has no size."""

    key: str
    version: str
    position: int
    size: int | None
    etag: str | None
    modified: int  # microseconds since 1970
    storage_class: str | None
    checksum_algorithm: str | None
    checksum_type: str | None


class Page(NamedTuple):
    """What is listed in order, a common prefix as text; `following` is the first left out."""

    listed: list[Entry | str]
    following: Entry | None


# The entries from a key on, and before another one, in the order of their keys.
Source = Callable[[str, str | None], Iterator[Entry]]


def page(source: Source, start: str, prefix: str, delimiter: str, limit: int) -> Page:
    """At most `limit` from `start` on; reads little more than it lists."""
    listed: list[Entry | str] = []
    at: str | None = max(start, prefix)
    end = following(prefix)
    while at is not None and (end is None or at < end):
        common, steps = None, 0
        for entry in source(at, end):
            common = common_prefix(entry.key, prefix, delimiter)
            if common is not None and listed and listed[-1] == common:
                steps += 1
                if steps > REACH:
                    break
                continue
            if len(listed) == limit:
                return Page(listed, entry)
            listed.append(common or entry)
            steps = 0
        else:
            break
        at = following(common or "")
    return Page(listed, None)


def common_prefix(key: str, prefix: str, delimiter: str) -> str | None:
    """The key up to the first delimiter behind the prefix, where there is one."""
    if not delimiter or not key.startswith(prefix):
        return None
    found = key.find(delimiter, len(prefix))
    return None if found < 0 else key[: found + len(delimiter)]


def after(key: str) -> str:
    """The first text in order behind a key."""
    return f"{key}\0"


def following(prefix: str) -> str | None:
    """The first text in order behind all that begin with `prefix`; None where there is none."""
    kept = prefix.rstrip(chr(sys.maxunicode))
    if not kept:
        return None
    last = ord(kept[-1]) + 1
    if SURROGATES[0] <= last <= SURROGATES[1]:
        last = SURROGATES[1] + 1
    return kept[:-1] + chr(last)
