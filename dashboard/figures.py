"""How numbers are written; None is written as a dash."""

from __future__ import annotations

DASH = "–"


def money(amount: float | None) -> str:
    return DASH if amount is None else f"${amount:,.2f}"


def count(number: int) -> str:
    return f"{number:,}"


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
