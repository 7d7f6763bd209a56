"""The headline numbers of a selection, and how numbers are written; None is written as a dash."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.queries import ChannelTotal

DASH = "–"


@dataclass(frozen=True)
class Summary:
    """Spend and cost are None where they have no meaning; shares add up to 1 or are empty."""

    bookings: int
    spend: float | None
    cost_per_booking: float | None
    share_by_channel: dict[str, float]


def summary(totals: list[ChannelTotal]) -> Summary:
    bookings = sum(total.bookings for total in totals)
    spends = [total.spend for total in totals if total.spend is not None]
    spend = sum(spends) if len(spends) == len(totals) else None
    return Summary(
        bookings=bookings,
        spend=spend,
        cost_per_booking=spend / bookings if spend is not None and bookings else None,
        share_by_channel={t.channel: t.bookings / bookings for t in totals} if bookings else {},
    )


def cost(total: ChannelTotal) -> float | None:
    """Gold publishes 0.0 for a channel without bookings; nothing was bought, so it is no cost."""
    return total.cpb if total.bookings else None


def spend_without_bookings(totals: list[ChannelTotal]) -> list[ChannelTotal]:
    return [total for total in totals if total.spend and not total.bookings]


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
