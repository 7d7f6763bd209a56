"""A listing of bronze in, the keys that a run has to read out."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from lakehouse.bronze import Listing

# An object may appear in a listing later than its LastModified says; rereading is harmless.
OVERLAP = timedelta(minutes=15)
_DAY = re.compile(r"/(?:event|spend)_date=([0-9]{4})-([0-9]{2})-([0-9]{2})[/.]")


def keys_to_read(listing: Listing, since: datetime | None, window: int | None) -> list[str]:
    """The keys of the `window` latest days, or else those written since the last run."""
    if window is not None:
        return latest_days(listing, window, listing.started.date())
    return changed_since(listing, since)


def changed_since(listing: Listing, watermark: datetime | None) -> list[str]:
    """The keys written since the watermark, less the overlap; all of them without one."""
    return [
        item.key
        for item in listing.objects
        if watermark is None or item.last_modified >= watermark - OVERLAP
    ]


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
