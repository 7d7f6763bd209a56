"""Timestamps of the states language: RFC 3339 with a `T`, and `Z` or an offset."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

# https://states-language.net/#timestamps
PATTERN = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")


def moment(value: Any) -> tuple[datetime, str] | None:
    """Something that compares by time, to any number of digits; None where it is no timestamp."""
    found = PATTERN.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    try:
        seconds = datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00"))
    except ValueError:
        return None
    return seconds, (found[2] or "").rstrip("0")


def at(value: Any) -> datetime | None:
    found = moment(value)
    return found and found[0] + timedelta(seconds=float(f"0.{found[1] or 0}"))
