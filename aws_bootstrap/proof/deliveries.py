"""The fixed set that both sides are given: the same bronze objects, by key, on every run."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sample_data.generator import deliveries, quotas
from sample_data.spend import spend_files
from sample_data.stories import Delivery

SEED, DAYS, PER_DAY = 41, 3, 24
NAMESPACE = uuid.UUID("0d8f7a52-9c0e-5d3e-8a53-5a2f6f1c7b90")
# Of one day, so that what silver rejects of spend is compared as well.
WRONG_ROW = {"channel": "youtube_paid_ads", "spend": "12.50"}


def bronze_objects() -> dict[str, bytes]:
    """Deliveries below events/ and spend below marketing/, as ingestion and the Glue job store
    them; what the webhook would put in quarantine is left out, for silver does not read it.
    """
    sent = [each for each in deliveries(SEED, quotas(DAYS, per_day=PER_DAY)) if _is_json(each)]
    events = {_key(each): _stored(each) for each in reversed(sent)}  # of repeats the first counts
    spend = {
        f"marketing/spend_date={day.isoformat()}.json": json.dumps(rows).encode()
        for day, rows in _spend(spend_days()).items()
    }
    return {**events, **spend}


def spend_days() -> list[date]:
    """The days of the deliveries, and as many before them."""
    first, last = min(quotas(DAYS)), max(quotas(DAYS))
    return [first + timedelta(days=n) for n in range(-DAYS, (last - first).days + 1)]


def _spend(days: list[date]) -> dict[date, list[dict[str, Any]]]:
    made = spend_files(SEED)
    wrong = {**WRONG_ROW, "date": days[0].isoformat()}
    return {day: [*made[day], *([wrong] if day == days[0] else [])] for day in days}


def _is_json(delivery: Delivery) -> bool:
    return delivery.kind != "unreadable"


def _key(delivery: Delivery) -> str:
    day = "unknown" if delivery.kind == "undated" else delivery.day.isoformat()
    name = uuid.uuid5(NAMESPACE, delivery.body.decode())
    return f"events/event_date={day}/{name}.json"


def _stored(delivery: Delivery) -> bytes:
    at: datetime = delivery.at.astimezone(UTC).replace(tzinfo=None)
    ingested = at.isoformat(timespec="microseconds")
    head = f'{{"ingestion_time": "{ingested}", "source": "calendly_webhook", "data": '
    return head.encode() + delivery.body + b"}"
