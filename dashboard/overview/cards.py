"""The overview's own HTML: KPI cards and the table of channels; every text escaped."""

from __future__ import annotations

from html import escape

from dashboard.figures import DASH, count, money, percent
from dashboard.markup import table
from dashboard.overview.queries import ChannelTotal
from dashboard.overview.summary import Summary, cost


def kpi_row(numbers: Summary, palette: dict[str, str]) -> str:
    cards = [
        _kpi("bookings", "Bookings", count(numbers.bookings)),
        _kpi("spend", "Spend", money(numbers.spend)),
        _kpi("cost", "Cost per booking", money(numbers.cost_per_booking)),
        _share(numbers.share_by_channel, palette),
    ]
    return f'<div class="kpi-row">{"".join(cards)}</div>'


def attribution(totals: list[ChannelTotal], palette: dict[str, str]) -> str:
    """A channel without bookings has a dash where gold's cost, and so its rank, says nothing."""
    most = max((total.bookings for total in totals), default=0) or 1
    rows = [
        [
            f"{_dot(palette[t.channel])}{escape(t.channel)}",
            _bar(t.bookings / most, palette[t.channel])
            + f'<span class="number">{count(t.bookings)}</span>',
            money(t.spend),
            money(cost(t)),
            str(t.rank_by_volume),
            DASH if cost(t) is None else str(t.rank_by_cpb),
        ]
        for t in totals
    ]
    heads = ["Channel", "Bookings", "Spend", "Cost per booking", "Rank: volume", "Rank: cost"]
    return table("attribution", heads, rows)


def warning(totals: list[ChannelTotal]) -> str:
    """A line for channels that cost money and brought nothing."""
    spent = ", ".join(f"{escape(t.channel)} {money(t.spend)}" for t in totals)
    return f'<div class="notice">Spend without bookings: {spent}</div>'


def _kpi(name: str, label: str, value: str) -> str:
    return (
        f'<div class="kpi kpi-{name}"><div class="kpi-label">{escape(label)}</div>'
        f'<div class="kpi-value">{escape(value)}</div></div>'
    )


def _share(shares: dict[str, float], palette: dict[str, str]) -> str:
    bar = "".join(
        f'<i style="flex:{share:.4f};background:{palette[channel]}"></i>'
        for channel, share in shares.items()
        if share
    )
    legend = "".join(
        f"<span>{_dot(palette[channel])}{escape(channel)} <b>{percent(share)}</b></span>"
        for channel, share in shares.items()
    )
    body = f'<div class="share-bar">{bar}</div><div class="share-legend">{legend}</div>'
    shown = body if shares else f'<div class="kpi-value">{DASH}</div>'
    label = '<div class="kpi-label">Share of bookings by channel</div>'
    return f'<div class="kpi kpi-share">{label}{shown}</div>'


def _dot(colour: str) -> str:
    return f'<span class="dot" style="background:{colour}"></span>'


def _bar(share: float, colour: str) -> str:
    filled = f'<i style="width:{100 * share:.0f}%;background:{colour}"></i>'
    return f'<span class="bar">{filled}</span>'
