"""How numbers are written; None is written as a dash."""

from __future__ import annotations

from datetime import date

DASH = "–"


def money(amount: float | None) -> str:
    return DASH if amount is None else f"${amount:,.2f}"


def count(number: int) -> str:
    return f"{number:,}"


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def change(now: float | None, before: float | None) -> float | None:
    """By which share a number grew; None where there is nothing to compare with."""
    return None if now is None or not before else now / before - 1


def signed_percent(share: float | None, minus: str = "−") -> str:
    return DASH if share is None else f"{share * 100:+.1f}%".replace("-", minus)


def day(value: date) -> str:
    return f"{value:%-d %b %Y}"


def days(first: date, last: date) -> str:
    """`3–9 Jan 2026`, `28 Dec 2025 – 3 Jan 2026`."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first:%-d %b} – {day(last)}"
    return f"{day(first)} – {day(last)}"
