"""How numbers are written; None is written as a dash."""

from __future__ import annotations

DASH = "–"


def money(amount: float | None) -> str:
    return DASH if amount is None else f"${amount:,.2f}"


def count(number: int) -> str:
    return f"{number:,}"


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"
