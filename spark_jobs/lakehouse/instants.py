"""Timestamps as text in, moments in UTC out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_UTC = timezone.utc  # noqa: UP017 (EMR runs Python 3.9)


def instant(text: str) -> datetime | None:
    """The moment that `YYYY-MM-DDTHH:MM:SS[.f{1,6}](Z|+HH:MM|-HH:MM)` names, if real."""
    return _moment(text, zone_needed=True)


def instant_in_utc(text: str) -> datetime | None:
    """Like `instant`, for a text that may leave its zone out and is then in UTC."""
    return _moment(text, zone_needed=False)


def _moment(text: str, zone_needed: bool) -> datetime | None:
    match = _FORM.fullmatch(text)
    if match is None or (zone_needed and match.group(8) is None):
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    microsecond = int((match.group(7) or "").ljust(6, "0"))
    try:
        local = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=_UTC)
        return local - _offset(match.group(8) or "Z")
    # OverflowError: the year 1 or 9999 left by the offset.
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(f"no such offset: {zone}")
    return (1 if zone[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)
