"""A listing of bronze in, the keys that a run has to read out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from lakehouse.bronze import ListedObject, Listing

# An object may appear in a listing later than its LastModified says; rereading is harmless.
OVERLAP = timedelta(minutes=15)
# A mark takes 36 bytes where it is kept.
MOST_SEEN = 200_000
_DAY = re.compile(r"/(?:event|spend)_date=([0-9]{4})-([0-9]{2})-([0-9]{2})[/.]")


def keys_to_read(
    listing: Listing,
    since: datetime | None,
    window: int | None,
    seen: Collection[str] = frozenset(),
) -> list[str]:
    """The keys of the `window` latest days, or else those written since the last run."""
    if window is not None:
        return latest_days(listing, window, listing.started.date())
    return changed_since(listing, since, seen)


def changed_since(
    listing: Listing, watermark: datetime | None, seen: Collection[str] = frozenset()
) -> list[str]:
    """The keys written since the watermark, less the overlap; all of them without one.

    An object within the overlap is left out where a run has seen it with these contents.
    """
    if watermark is None:
        return [item.key for item in listing.objects]
    return [
        item.key
        for item in listing.objects
        if item.last_modified >= watermark - OVERLAP and mark(item) not in seen
    ]


def seen_after(listing: Listing, read: Collection[str], seen: Collection[str]) -> frozenset[str]:
    """The marks of what the next run lists within its overlap and need not read again.

    Those of the newest objects that were read now, or seen before: at most MOST_SEEN.
    """
    keys = set(read)
    known = [
        (item.last_modified, mark(item))
        for item in listing.objects
        if item.etag
        and item.last_modified >= listing.started - OVERLAP
        and (item.key in keys or mark(item) in seen)
    ]
    return frozenset(found for _, found in sorted(known, reverse=True)[:MOST_SEEN])


def mark(item: ListedObject) -> str:
    """What stands for the object with these contents: another ETag makes another mark."""
    return hashlib.sha256(f"{item.key}\n{item.etag}".encode()).hexdigest()[:32]


def latest_days(listing: Listing, days: int, today: date) -> list[str]:
    """The keys of the `days` greatest dates that are named in keys and not after today."""
    dated = [(day, item.key) for item in listing.objects if (day := date_of_key(item.key))]
    latest = sorted({day for day, _ in dated if day <= today}, reverse=True)[:days]
    return [key for day, key in dated if day in latest]


def date_of_key(key: str) -> date | None:
    """The date that the key names; None for `unknown` and unreal dates."""
    match = _DAY.search(key)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
