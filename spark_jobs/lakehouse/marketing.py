"""One spend file's text in, its day of spend and its rejected rows out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lakehouse.channels import channel_by_spend_name

_KEY = re.compile(r"(?:^|/)spend_date=([0-9]{4}-[0-9]{2}-[0-9]{2})\.json\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPACE = re.compile(r"[ \t\n\r]*")
# Python refuses to make an int of more than 4,300 digits; a double is infinite after 308.
_LONGEST_INT = 300
INDEX_NAME = "file_index.json"


@dataclass(frozen=True)
class RejectedRow:
    """A row that is not spend, or a whole file (row_number None); rows count from 1."""

    row_number: int | None
    reasons: tuple[str, ...]
    raw: str


@dataclass(frozen=True)
class SpendDay:
    """What one bronze file holds: spend in USD by channel, and rejects; read = sum of both."""

    key: str
    day: date | None
    rows_read: int
    rows_accepted: int
    spend: dict[str, float] = field(default_factory=dict)
    rejected: tuple[RejectedRow, ...] = ()


def day_of_key(key: str) -> date | None:
    """The date that a bronze key names (`.../spend_date=YYYY-MM-DD.json`), if it names one."""
    match = _KEY.search(key)
    return _real_date(match.group(1)) if match else None


def spend_day(key: str, body: bytes) -> SpendDay:
    """The spend and the rejects of one bronze file.

    Rows of one channel are summed exactly (math.fsum), so that their order does not matter.
    """
    day = day_of_key(key)
    try:
        rows = list(_rows(body.decode("utf-8")))
    # A list within a list within ... is a RecursionError to the parser, not a ValueError.
    except (ValueError, RecursionError):
        raw = body.decode("utf-8", errors="replace")
        return SpendDay(key, day, 1, 0, rejected=(RejectedRow(None, ("unparsable_json",), raw),))
    by_channel: dict[str, list[float]] = {}
    rejected = []
    for number, (row, raw) in enumerate(rows, start=1):
        values = row if isinstance(row, dict) else {}
        reasons = _reasons(values, day)
        if not reasons:
            spends = by_channel.setdefault(channel_by_spend_name()[values["channel"]], [])
            if math.isfinite(sum(spends) + values["spend"]):
                spends.append(float(values["spend"]))
                continue
            reasons = ("invalid_spend",)
        rejected.append(RejectedRow(number, reasons, raw))
    spend = {channel: math.fsum(spends) for channel, spends in by_channel.items() if spends}
    return SpendDay(key, day, len(rows), len(rows) - len(rejected), spend, tuple(rejected))


def _rows(text: str) -> Iterator[tuple[Any, str]]:
    # Each element of the array with its own text, which a reject keeps as it was sent.
    decoder = json.JSONDecoder(parse_int=_parsed_int)
    decoder.decode(text)
    at = _skip_space(text, 0)
    if text[at] != "[":
        raise ValueError(f"Expected a JSON array, found text that starts with {text[at]!r}.")
    at = _skip_space(text, at + 1)
    while text[at] != "]":
        row, end = decoder.raw_decode(text, at)
        yield row, text[at:end]
        at = _skip_space(text, end)
        if text[at] == ",":
            at = _skip_space(text, at + 1)


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _parsed_int(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INT else float(digits)


def _reasons(row: dict[str, Any], day: date | None) -> tuple[str, ...]:
    found = (_spend_reason(row.get("spend")), _channel_reason(row), _date_reason(row, day))
    return tuple(reason for reason in found if reason)


def _spend_reason(spend: Any) -> str | None:
    if spend is None:
        return "missing_spend"
    if isinstance(spend, bool) or not isinstance(spend, (int, float)) or not math.isfinite(spend):
        return "invalid_spend"
    return "negative_spend" if spend < 0 else None


def _channel_reason(row: dict[str, Any]) -> str | None:
    channel = row.get("channel")
    known = isinstance(channel, str) and channel in channel_by_spend_name()
    return None if known else "unknown_channel"


def _date_reason(row: dict[str, Any], day: date | None) -> str | None:
    text = row.get("date")
    matches = isinstance(text, str) and _DATE.fullmatch(text) and day is not None
    return None if matches and _real_date(str(text)) == day else "invalid_date"


def _real_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
