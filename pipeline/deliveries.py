"""From a booking to its deliveries: what bronze holds of it, and what became of each.

Silver keeps the winner of a booking's deliveries only, and no table says which objects of bronze
were superseded. But all are of the days from the booking's creation to its winner, so those are
looked through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from duckdb import CatalogException

from pipeline import objects
from pipeline.evidence import Booking

# As silver decides between deliveries of the same moment: the later of these stands.
EVENTS = (
    "invitee.created",
    "invitee.canceled",
    "invitee_no_show.created",
    "invitee_no_show.deleted",
)
READERS = 16
# A day of the seed has 250 objects, and the edge reads some 500 in a second.
MOST_READ = 5_000


@dataclass(frozen=True)
class Delivery:
    """`fate` is winner, superseded, rejected, or waiting: silver has not read it yet. Times are
    texts as delivered, None where the body has none."""

    bronze_key: str
    fate: str
    event: str | None
    created_at: str | None
    ingested_at: str | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trail:
    """A booking's deliveries, the newest first; `read` of the `listed` objects were looked into."""

    deliveries: tuple[Delivery, ...]
    listed: int
    read: int

    @property
    def is_whole(self) -> bool:
        return self.read == self.listed


def trail(s3: Any, bucket: str, connection: Any, booking: Booking, most: int = MOST_READ) -> Trail:
    """What bronze and rejected_events hold of the booking's invitee."""
    rejected = dict(_rejected(connection, booking.invitee_id))
    days = _days(objects.body(s3, bucket, booking.bronze_key), booking.event_created_at.date())
    keys = [key for day in days for key in _keys(s3, bucket, day)]
    wanted = keys[:most]
    with ThreadPoolExecutor(READERS) as pool:
        bodies = pool.map(lambda key: (key, objects.body(s3, bucket, key)), wanted)
        found = {k: raw for k, raw in bodies if raw and booking.invitee_id.encode() in raw}
    elsewhere = rejected.keys() - found.keys()
    found |= {key: raw for key in elsewhere if (raw := objects.body(s3, bucket, key))}
    deliveries = [_delivery(key, raw, booking, rejected) for key, raw in found.items()]
    of_invitee = [d for d in deliveries if d is not None]
    of_invitee.sort(key=_order, reverse=True)
    return Trail(tuple(of_invitee), listed=len(keys), read=len(wanted))


def _days(winner: bytes | None, last: date) -> Iterator[date]:
    """From the winner's day back to the day on which the invitee was created."""
    payload = _payload(_document(winner or b""))
    try:
        created = datetime.fromisoformat(str(payload.get("created_at")))
        # An envelope may be a moment older than the times in it.
        first = (created.astimezone(UTC) - timedelta(hours=1)).date()
    except (ValueError, OverflowError):
        first = last
    for back in range(max(0, (last - first).days) + 1):
        yield last - timedelta(days=back)


def _keys(s3: Any, bucket: str, day: date) -> Iterator[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=f"events/event_date={day}/"
    )
    for page in pages:
        yield from (entry["Key"] for entry in page.get("Contents", []))


def _rejected(connection: Any, invitee_id: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    sql = "SELECT bronze_key, reasons FROM rejected_events WHERE contains(raw, $id)"
    try:
        rows = connection.execute(sql, {"id": invitee_id}).fetchall()
    except CatalogException:  # nothing has ever been rejected
        return
    for key, reasons in rows:
        yield key, tuple(reasons)


def _delivery(
    key: str, raw: bytes, booking: Booking, rejected: dict[str, tuple[str, ...]]
) -> Delivery | None:
    """None where the body only names the invitee, as the one that follows a moved booking does."""
    document = _document(raw)
    uri = _payload(document).get("uri")
    is_own = isinstance(uri, str) and _last_segment(uri) == booking.invitee_id
    if not is_own and not (key in rejected and uri is None):
        return None
    data = document.get("data")
    envelope = data if isinstance(data, dict) else {}
    found = Delivery(
        bronze_key=key,
        fate="superseded",
        event=_text(envelope.get("event")),
        created_at=_text(envelope.get("created_at")),
        ingested_at=_text(document.get("ingestion_time")),
        reasons=rejected.get(key, ()),
    )
    return Delivery(**{**vars(found), "fate": _fate(found, booking, key in rejected)})


def _fate(delivery: Delivery, booking: Booking, is_rejected: bool) -> str:
    if is_rejected:
        return "rejected"
    if delivery.bronze_key == booking.bronze_key:
        return "winner"
    created = booking.event_created_at.isoformat(timespec="microseconds")
    winner = Delivery(booking.bronze_key, "winner", booking.event, created, None)
    return "waiting" if _order(delivery) > _order(winner) else "superseded"


def _order(delivery: Delivery) -> tuple[str, int, str]:
    """As silver orders deliveries; the texts of times are made alike first."""
    text = (delivery.created_at or "").removesuffix("Z").removesuffix("+00:00")
    moment, _, fraction = text.partition(".")
    rank = EVENTS.index(delivery.event) if delivery.event in EVENTS else -1
    return (f"{moment}.{fraction:0<6}", rank, delivery.bronze_key)


def _document(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _payload(document: dict[str, Any]) -> dict[str, Any]:
    data = document.get("data")
    payload = data.get("payload") if isinstance(data, dict) else None
    return payload if isinstance(payload, dict) else {}


def _last_segment(uri: str) -> str:
    return uri.partition("?")[0].rstrip("/").rpartition("/")[2]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
