"""Time zones: DuckDB keeps instants only, the zone that a value is shown in is part of its type."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime

from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.typed_sql import Typed, text

_ZONE = re.compile(r"(?:[A-Z][A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*|UTC|Z|[+-]\d\d:\d\d)")
_TIMESTAMP_TEXT = re.compile(
    r"(\d{4}-\d\d?-\d\d?(?: \d\d?:\d\d?(?::\d\d?(?:\.\d+)?)?)?)\s*([^\d\s:]\S*)?"
)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def local(value: Typed) -> str:
    """The clock time that a timestamp with time zone shows, as DuckDB's TIMESTAMP."""
    if value.type.name != t.TZ:
        return value.sql
    return _clock_there(value.sql, value.type.zone)


def _clock_there(sql: str, zone: str) -> str:
    """DuckDB knows zones by their names only: an offset is added by hand."""
    minutes = _minutes(zone)
    if minutes is None:
        return f"timezone({text(zone)}, {sql})"
    return f"(timezone('UTC', {sql}) + to_minutes({minutes}))"


def instant(clock: str, zone: str) -> str:
    """When a clock in the zone shows the time `clock`, as a TIMESTAMP WITH TIME ZONE."""
    minutes = _minutes(zone)
    if minutes is None:
        return f"timezone({text(zone)}, {clock})"
    return f"timezone('UTC', {clock} - to_minutes({minutes}))"


def _minutes(zone: str) -> int | None:
    found = _OFFSET.fullmatch(zone)
    return found and int(f"{found[1]}{int(found[2]) * 60 + int(found[3])}")


def is_timestamp(written: str) -> bool:
    """By its shape; a year of more digits, or with a sign, is refused elsewhere."""
    return (
        _TIMESTAMP_TEXT.fullmatch(re.sub(r"^(?:[+-]\d{4,}|\d{5,})-", "2000-", written)) is not None
    )


def has_zone(written: str) -> bool:
    found = _TIMESTAMP_TEXT.fullmatch(written)
    return found is not None and found[2] is not None


def zoned_literal(written: str) -> str | None:
    """The instant; a time that a change of clocks leaves out is none, of two the first counts."""
    found = _TIMESTAMP_TEXT.fullmatch(written.strip())
    if found is None or not is_zone(zone := found[2] or t.UTC):
        return None
    own = duckdb_zone(zone)
    clock = f"CAST({text(found[1])} AS TIMESTAMP)"
    if _minutes(own) is not None:
        return instant(clock, own)
    parts = [int(number) for number in re.findall(r"\d+", found[1].partition(".")[0])]
    try:
        here = datetime(*parts, tzinfo=zoneinfo.ZoneInfo(own))  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    ahead = here.utcoffset()
    back = here.astimezone(UTC).astimezone(zoneinfo.ZoneInfo(own))
    if ahead is None or back.replace(tzinfo=None) != here.replace(tzinfo=None):
        return None
    return f"timezone('UTC', {clock} - to_seconds({round(ahead.total_seconds())}))"


def is_zone(name: str) -> bool:
    if not _ZONE.fullmatch(name):
        return False
    return name[0] in "+-" or name in ("UTC", "Z") or name in zoneinfo.available_timezones()


def zone_of_text(value: Typed) -> str:
    found = _TIMESTAMP_TEXT.fullmatch((value.literal or "").strip())
    return duckdb_zone(found[2]) if found and found[2] else t.UTC


def duckdb_zone(zone: str) -> str:
    return t.UTC if zone in ("Z", "+00:00", "-00:00", "Etc/UTC") else zone
