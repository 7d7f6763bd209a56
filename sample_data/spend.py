"""A seed in, daily spend by channel out: the published rows and totals, the rest made up."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

FIRST_DAY, LAST_DAY = date(2025, 12, 16), date(2026, 1, 19)
CHANNELS = ("youtube_paid_ads", "facebook_paid_ads", "tiktok_paid_ads")
# Cents over the 35 days, as published.
TOTALS = {
    "youtube_paid_ads": 20_207_43,
    "facebook_paid_ads": 20_260_42,
    "tiktok_paid_ads": 13_593_57,
}
# The published rows, in cents; None where a row of the day is not published.
PUBLISHED: dict[date, tuple[int | None, int | None, int | None]] = {
    date(2025, 12, 16): (622_83, 510_96, 260_15),
    date(2025, 12, 17): (775_06, 636_82, None),
    date(2025, 12, 30): (491_35, 537_74, 210_10),
    date(2026, 1, 11): (408_58, 662_43, None),
    date(2026, 1, 15): (381_76, 473_80, 563_78),
}


def spend_files(seed: int) -> dict[date, list[dict[str, Any]]]:
    """The rows of each day's file, in USD."""
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    cents = {channel: daily_cents(seed, channel, days) for channel in CHANNELS}
    return {
        day: [
            {"date": day.isoformat(), "channel": channel, "spend": cents[channel][day] / 100}
            for channel in CHANNELS
        ]
        for day in days
    }


def daily_cents(seed: int, channel: str, days: list[date]) -> dict[date, int]:
    """The channel's total shared over the days that are not published, by largest remainder."""
    column = CHANNELS.index(channel)
    known = {day: row[column] for day, row in PUBLISHED.items()}
    cents = {day: amount for day, amount in known.items() if amount is not None}
    rest = TOTALS[channel] - sum(cents.values())
    open_days = [day for day in days if day not in cents]
    rng = random.Random(f"{seed} {channel}")
    weights = {day: rng.randrange(600, 1400) for day in open_days}
    total = sum(weights.values())
    for day in open_days:
        cents[day] = rest * weights[day] // total
    missing = TOTALS[channel] - sum(cents.values())
    by_remainder = sorted(open_days, key=lambda day: (-(rest * weights[day] % total), day))
    for day in by_remainder[:missing]:
        cents[day] += 1
    return cents
