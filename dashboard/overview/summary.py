"""The headline numbers of a selection."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.overview.queries import ChannelTotal


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
