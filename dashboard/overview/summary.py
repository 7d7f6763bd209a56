"""The headline numbers of a selection, by day and altogether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.overview.queries import ChannelTotal, DayOutcome, DayTotal


@dataclass(frozen=True)
class Summary:
    """Spend and cost are None where they have no meaning."""

    bookings: int
    spend: float | None
    cost_per_booking: float | None
    canceled: int
    no_show: int


@dataclass(frozen=True)
class Series:
    """A number for each day of the selection, the first day first; a day without cost has none."""

    bookings: list[float]
    spend: list[float]
    cost_per_booking: list[float]
    canceled: list[float]
    no_show: list[float]


def summary(totals: Sequence[ChannelTotal], outcomes: Sequence[DayOutcome]) -> Summary:
    bookings = sum(total.bookings for total in totals)
    spends = [total.spend for total in totals if total.spend is not None]
    spend = sum(spends) if len(spends) == len(totals) else None
    return Summary(
        bookings=bookings,
        spend=spend,
        cost_per_booking=spend / bookings if spend is not None and bookings else None,
        canceled=sum(day.canceled for day in outcomes),
        no_show=sum(day.no_show for day in outcomes),
    )


def series(
    days: Sequence[DayTotal], outcomes: Sequence[DayOutcome], first: date, last: date
) -> Series:
    calendar = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    bookings, spend = dict.fromkeys(calendar, 0.0), dict.fromkeys(calendar, 0.0)
    for day in days:
        bookings[day.booking_date] += day.bookings
        spend[day.booking_date] += day.spend or 0.0
    became = {day.booking_date: day for day in outcomes}
    none = DayOutcome(first, 0, 0)
    return Series(
        bookings=list(bookings.values()),
        spend=list(spend.values()),
        cost_per_booking=[spend[d] / bookings[d] for d in calendar if bookings[d] and spend[d]],
        canceled=[float(became.get(d, none).canceled) for d in calendar],
        no_show=[float(became.get(d, none).no_show) for d in calendar],
    )


def cost(total: ChannelTotal) -> float | None:
    """Gold publishes 0.0 for a channel without bookings; nothing was bought, so it is no cost."""
    return total.cpb if total.bookings else None


def spend_without_bookings(totals: Sequence[ChannelTotal]) -> list[ChannelTotal]:
    return [total for total in totals if total.spend and not total.bookings]


def over_target(
    totals: Sequence[ChannelTotal], targets: dict[str, float]
) -> list[tuple[ChannelTotal, float]]:
    """The channels that cost more than they may, each with its target."""
    return [
        (total, targets[total.channel])
        for total in totals
        if total.channel in targets and (cost(total) or 0.0) > targets[total.channel]
    ]
