"""The five cards: a number, its change against as many days before, and its days as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from dashboard.figures import DASH, change, count, days, money, signed_percent
from dashboard.overview import listing, queries, summary
from dashboard.overview.cells import Cell
from dashboard.overview.queries import ChannelTotal, Filters
from dashboard.overview.sparkline import sparkline
from dashboard.panels import data_menu
from dashboard.query import Query

# In the place of the line, so that what is around keeps its own.
EMPTY = "<span></span>"


@dataclass(frozen=True)
class Card:
    """`outcome` is what its bookings are, None where it counts none of its own."""

    key: str
    label: str
    text: str
    now: float | None
    before: float | None
    line: list[float]
    is_good: Literal["normal", "inverse", "off"]
    query: Query[Any]
    outcome: str | None


def show(
    connection: Any,
    chosen: Filters,
    totals: Sequence[ChannelTotal],
    before: Sequence[ChannelTotal],
) -> None:
    """`before` is empty where the data does not reach back so far."""
    compared = f"vs {days(chosen.previous.start, chosen.previous.end)}" if before else None
    with st.container(key="cards"):
        found = _cards(connection, chosen, totals, before)
        for column, card in zip(st.columns(len(found)), found, strict=True):
            with column, st.container(border=True, height="stretch", key=f"kpi_{card.key}"):
                _draw(card, compared, connection)


def _draw(card: Card, compared: str | None, connection: Any) -> None:
    grown = change(card.now, card.before)
    st.metric(
        card.label,
        card.text,
        # A text of a number without a sign would point up.
        delta=0 if grown == 0 else None if grown is None else signed_percent(grown, "-"),
        delta_color=card.is_good,
        delta_description=compared if grown is not None else None,
    )
    st.html(sparkline(card.line) or EMPTY)
    outcome = card.outcome

    def actions() -> None:
        if outcome is None:
            return
        st.button(
            "List the bookings",
            key=f"card_{card.key}_list",
            icon=":material/list:",
            on_click=lambda: listing.open_cell(Cell(outcome)),
        )

    data_menu(card.label, f"card_{card.key}_data", card.query, connection, actions)


def _cards(
    connection: Any,
    chosen: Filters,
    totals: Sequence[ChannelTotal],
    before: Sequence[ChannelTotal],
) -> list[Card]:
    outcomes = queries.day_outcomes(chosen)
    became = outcomes.rows(connection)
    earlier = queries.day_outcomes(chosen.previous).rows(connection) if before else []
    now, then = summary.summary(totals, became), summary.summary(before, earlier)
    by_day = queries.day_totals(chosen).rows(connection)
    line = summary.series(by_day, became, chosen.start, chosen.end)
    of_channels = queries.channel_totals(chosen)
    cost, cost_then = now.cost_per_booking, then.cost_per_booking
    return [
        Card(
            "bookings", "Bookings", count(now.bookings), now.bookings, then.bookings,
            line.bookings, "normal", of_channels, "bookings",
        ),
        Card(
            "spend", "Spend", money(now.spend), now.spend, then.spend,
            [] if now.spend is None else line.spend, "off", of_channels, None,
        ),
        Card(
            "cost", "Cost per booking", money(cost), cost, cost_then,
            line.cost_per_booking, "inverse", of_channels, "bookings",
        ),
        Card(
            "canceled", "Canceled", _with_share(now.canceled, now.bookings), now.canceled,
            then.canceled, line.canceled, "inverse", outcomes, "canceled",
        ),
        Card(
            "no_show", "No-show", _with_share(now.no_show, now.bookings), now.no_show,
            then.no_show, line.no_show, "inverse", outcomes, "no_show",
        ),
    ]  # fmt: skip


def _with_share(number: int, bookings: int) -> str:
    share = f"{number / bookings * 100:.1f}%" if bookings else DASH
    return f"{count(number)} :small[:gray[{share}]]"
