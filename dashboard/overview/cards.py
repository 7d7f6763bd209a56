"""The overview's own HTML: the tables of channels and members, and warnings; every text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from dashboard.figures import DASH, change, count, money, percent, signed_percent
from dashboard.overview.queries import ChannelTotal, MeetingLoad
from dashboard.overview.summary import cost
from dashboard.rows import chooser

LEADERBOARD = ["Channel", "Bookings", "Share", "Change", "Spend", "Cost per booking", "Target"]


def leaderboard(
    totals: Sequence[ChannelTotal],
    before: Mapping[str, int],
    targets: Mapping[str, float],
    palette: Mapping[str, str],
    chosen: frozenset[str],
) -> dict[str, list[str]]:
    """The cells of each channel's row; a channel without bookings has a dash for its cost."""
    most = max((total.bookings for total in totals), default=0) or 1
    booked = sum(total.bookings for total in totals)
    dearest = max([*(cost(t) or 0.0 for t in totals), *targets.values()], default=0.0) or 1.0
    return {
        t.channel: [
            chooser(_dot(palette[t.channel]) + escape(t.channel), t.channel, t.channel in chosen),
            _bar(t.bookings / most, palette[t.channel]) + _number(count(t.bookings)),
            percent(t.bookings / booked) if booked else DASH,
            signed_percent(change(t.bookings, before.get(t.channel))),
            money(t.spend),
            _cost(t, targets.get(t.channel), dearest, palette[t.channel]),
            money(targets.get(t.channel)),
        ]
        for t in totals
    }


def members(load: Sequence[MeetingLoad], names: Mapping[str, str]) -> dict[str, list[str]]:
    most = max((row.meetings for row in load), default=0) or 1
    return {
        row.user_id: [
            chooser(escape(names.get(row.user_id, row.user_id)), row.user_id),
            _bar(row.meetings / most, None) + _number(count(row.meetings)),
        ]
        for row in load
    }


def wasted(totals: Sequence[ChannelTotal]) -> str:
    """A line for channels that cost money and brought nothing."""
    spent = ", ".join(f"{t.channel} {money(t.spend)}" for t in totals)
    return f"Spend without bookings: {spent}"


def dear(over: Sequence[tuple[ChannelTotal, float]]) -> str:
    told = ", ".join(f"{t.channel} {money(cost(t))} (target {money(target)})" for t, target in over)
    return f"Cost per booking above target: {told}"


def _cost(total: ChannelTotal, target: float | None, dearest: float, colour: str) -> str:
    amount = cost(total)
    mark = ""
    if target is not None:
        mark = f'<u style="left:{100 * target / dearest:.1f}%" title="Target {money(target)}"></u>'
    above = amount is not None and target is not None and amount > target
    text = f'<b class="above" title="Above target">{money(amount)}</b>' if above else money(amount)
    return _bar((amount or 0.0) / dearest, colour, mark) + _number(text)


def _dot(colour: str) -> str:
    return f'<span class="dot" style="background:{colour}"></span>'


def _bar(share: float, colour: str | None, mark: str = "") -> str:
    painted = f";background:{colour}" if colour else ""
    return (
        f'<span class="bar" aria-hidden="true"><i style="width:{100 * share:.1f}%{painted}"></i>'
        f"{mark}</span>"
    )


def _number(text: str) -> str:
    return f'<span class="number">{text}</span>'
