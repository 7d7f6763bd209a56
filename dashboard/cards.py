"""The dashboard's own HTML: KPI cards, small tables, progress of states; every text escaped."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path

from dashboard.figures import DASH, Summary, cost, count, duration, money, percent
from dashboard.queries import ChannelTotal, RejectReason
from pipeline.state_progress import StateProgress


def style() -> str:
    return f"<style>{(Path(__file__).parent / 'style.css').read_text()}</style>"


def header(as_of: str | None) -> str:
    stamp = f'<span class="as-of">Data as of {escape(as_of)}</span>' if as_of else ""
    return f'<div class="page-head"><h1>Bookings and spend</h1>{stamp}</div>'


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
    return _table("attribution", heads, rows)


def rejects(reasons: list[RejectReason], quarantined: int) -> str:
    rows = [[escape(r.reason), escape(r.source), count(r.rows)] for r in reasons]
    rows.append(["not a JSON object", "quarantine", count(quarantined)])
    return _table("rejects", ["Reason", "Where", "Rows"], rows)


def warning(totals: list[ChannelTotal]) -> str:
    """A line for channels that cost money and brought nothing."""
    spent = ", ".join(f"{escape(t.channel)} {money(t.spend)}" for t in totals)
    return f'<div class="notice">Spend without bookings: {spent}</div>'


def empty(title: str, text: str, command: str | None = None) -> str:
    shown = f"<pre>{escape(command)}</pre>" if command else ""
    return f'<div class="empty"><h2>{escape(title)}</h2><p>{escape(text)}</p>{shown}</div>'


def cause(text: str) -> str:
    return f'<div class="cause">{escape(text)}</div>'


def states(progress: list[StateProgress], now: datetime) -> str:
    rows = "".join(
        f'<li class="{state.status}" title="{state.status}"><span class="state">'
        f'{escape(state.name)}</span><span class="note">{_note(state, now)}</span></li>'
        for state in progress
    )
    return f'<ul class="states">{rows}</ul>'


def _note(state: StateProgress, now: datetime) -> str:
    words = "" if state.status in ("succeeded", "running") else state.status
    return " · ".join(part for part in (words, duration(state.seconds(now))) if part)


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


def _table(name: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<table class="facts {name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )
