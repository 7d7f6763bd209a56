"""One bronze object's bytes in; an accepted delivery, or a rejected one with its reasons, out."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lakehouse.drift import unknown_fields
from lakehouse.event_columns import ARRAYS, SCALARS, EventColumn, columns_of
from lakehouse.instants import instant, instant_in_utc
from lakehouse.strict_json import UnreadableJsonError, json_object, json_text, storable
from lakehouse.uris import last_segment

# In the order in which they supersede one another where two have the same created_at.
EVENTS = (
    "invitee.created",
    "invitee.canceled",
    "invitee_no_show.created",
    "invitee_no_show.deleted",
)
MOST_ROWS = 10_000
CLOCK_TOLERANCE = timedelta(minutes=5)
_DIGITS = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True)
class Accepted:
    """A delivery that silver takes: `scalars` as SCALARS, `arrays` as ARRAYS, values by column."""

    bronze_key: str
    invitee_id: str
    event: str
    created_at: datetime
    start_time: datetime
    ingestion_time: datetime | None
    scalars: tuple[Any, ...]
    arrays: tuple[list[tuple[Any, ...]], ...]
    unknown_fields: list[str]


@dataclass(frozen=True)
class Rejected:
    """A bronze object that silver does not take, every reason, and its text as it was."""

    bronze_key: str
    reasons: tuple[str, ...]
    raw: str


def parse_delivery(key: str, raw: bytes) -> Accepted | Rejected:
    """What the bronze object of the key holds; never raises, whatever the bytes are."""
    try:
        bronze = json_object(raw)
        reasons = _reasons(bronze)
        if not reasons:
            return _accepted(key, bronze)
    except UnreadableJsonError:
        reasons = ("unparsable_json",)
    return Rejected(key, reasons, raw.decode("utf-8", errors="replace"))


def combinations(bronze: dict[str, Any]) -> int:
    """The number of rows that exploding every array would make, without making one."""
    return math.prod(max(1, len(_elements(bronze, array))) for array in ARRAYS)


def _accepted(key: str, bronze: dict[str, Any]) -> Accepted:
    created_at = instant(_text(bronze, "data.created_at") or "")
    start_time = instant(_text(bronze, "data.payload.scheduled_event.start_time") or "")
    invitee_id = last_segment(_text(bronze, "data.payload.uri"))
    if created_at is None or start_time is None or invitee_id is None:
        raise AssertionError(f"Expected {key} without reasons to be whole: mend _reasons.")
    return Accepted(
        bronze_key=key,
        invitee_id=invitee_id,
        event=_text(bronze, "data.event") or "",
        created_at=created_at,
        start_time=start_time,
        ingestion_time=_ingestion_time(bronze),
        scalars=_values(bronze, SCALARS),
        arrays=tuple(
            [_values(element, columns_of(array)) for element in _elements(bronze, array)]
            for array in ARRAYS
        ),
        unknown_fields=unknown_fields(bronze),
    )


def _reasons(bronze: dict[str, Any]) -> tuple[str, ...]:
    if _text(bronze, "data.event") not in EVENTS:
        return ("unsupported_event",)  # all others presuppose an invitee's payload
    created_text = _text(bronze, "data.created_at")
    start_text = _text(bronze, "data.payload.scheduled_event.start_time")
    created_at = instant(created_text or "")
    ingested = _ingestion_time(bronze)
    applies = {
        "missing_invitee_id": last_segment(_text(bronze, "data.payload.uri")) is None,
        "missing_event_start_time": start_text is None,
        "invalid_timestamp": created_at is None
        or (start_text is not None and instant(start_text) is None),
        # A difference, not a sum: created_at + 5 minutes may leave the years that there are.
        "created_after_ingestion": created_at is not None
        and ingested is not None
        and created_at - ingested > CLOCK_TOLERANCE,
        "too_many_rows": combinations(bronze) > MOST_ROWS,
    }
    return tuple(reason for reason, found in applies.items() if found)


def _ingestion_time(bronze: dict[str, Any]) -> datetime | None:
    return instant_in_utc(_text(bronze, "ingestion_time") or "")


def _text(bronze: dict[str, Any], path: str) -> str | None:
    value = _at(bronze, path.split("."))
    return storable(value) if isinstance(value, str) else None


def _elements(bronze: dict[str, Any], array: str) -> list[Any]:
    value = _at(bronze, array.split("."))
    return value if isinstance(value, list) else []


def _at(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _values(source: Any, columns: Sequence[EventColumn]) -> tuple[Any, ...]:
    return tuple(_value(source, column) for column in columns)


def _value(source: Any, column: EventColumn) -> Any:
    if column.alias is not None:
        aliased = typed(_at(source, column.alias), column.kind)
        if aliased is not None:
            return aliased
    return typed(_at(source, column.keys), column.kind)


def typed(value: Any, kind: str) -> Any:
    """The value as the column holds it; None where its JSON type is not the column's."""
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "json":
        return storable(json_text(value)) if isinstance(value, dict) else None
    if kind == "string":
        return storable(value) if isinstance(value, str) else None
    # Zoom's meeting numbers come as numbers or as digits.
    if kind == "bigint_or_digits" and isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and -(2**63) <= value < 2**63 else None
