"""What the recorded sample holds: deliveries that are stored below their day, for each day."""

from __future__ import annotations

DELIVERIES_OF_DAYS = {
    "2026-01-14": 212,
    "2026-01-15": 266,
    "2026-01-16": 292,
    "2026-01-17": 175,
    "2026-01-18": 132,
    "2026-01-19": 274,
    "2026-01-20": 190,
}
