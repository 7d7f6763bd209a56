"""The page Overview: what a booking costs, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import markup, members, privacy, refresh, rows, targets, url
from dashboard.access import Access
from dashboard.data import Version
from dashboard.overview import (
    cards,
    charts,
    filters,
    headline,
    heat_map,
    listing,
    palette,
    queries,
    summary,
)
from dashboard.overview.cells import Cell
from dashboard.overview.queries import ChannelTotal, Filters
from dashboard.panels import panel

TABLES = ("gold_booking_metrics", "gold_cpb_by_channel", "fact_bookings")
# Without these the page has less to show, and says what.
WITHOUT = {
    "fact_events": "members are shown by id",
    "rejected_events": "a booking's rejected deliveries are not listed",
}
MORE_TABLES = tuple(WITHOUT)
NO_BOOKINGS = "No bookings on these days."
NO_SPEND = "Spend is recorded by channel and day, not by member."


@dataclass(frozen=True)
class View:
    """What the parts of the page draw from."""

    connection: Any
    chosen: Filters
    colours: dict[str, str]
    names: dict[str, str]
    targets: dict[str, float]


def show(access: Access) -> None:
    opened = access.open(TABLES, MORE_TABLES)
    st.html(markup.header("Bookings and spend", opened.as_of))
    for name in opened.missing:
        st.caption(f"There is no {name} yet, so {WITHOUT[name]}.")
    connection, bounds = opened.cursor, queries.date_bounds(opened.cursor)
    if bounds is None:
        st.html(markup.empty("The tables are empty", "There are no bookings and no spend yet."))
    else:
        names = _names(connection, tuple(opened.versions.values()), privacy.is_masked())
        chosen = filters.choose(connection, bounds, names)
        if chosen is None:
            st.html(markup.empty("One more date", "Choose the last day of the range too."))
        else:
            colours = palette.colours(queries.channels(connection))
            view = View(connection, chosen, colours, names, _targets())
            numbers(view, has_before=chosen.previous.start >= bounds[0])
            listing.show(access, connection, chosen, names)
    refresh.when_versions_change(access, opened.versions, *TABLES, *MORE_TABLES)


def numbers(view: View, *, has_before: bool) -> None:
    connection, chosen = view.connection, view.chosen
    totals = queries.channel_totals(chosen).rows(connection)
    before = queries.channel_totals(chosen.previous).rows(connection) if has_before else []
    headline.show(connection, chosen, totals, before)
    # Always there, so that what is below keeps its place and its focus when a notice comes.
    with st.container(key="notices"):
        if spent := summary.spend_without_bookings(totals):
            st.html(markup.notice(cards.wasted(spent)))
        if over := summary.over_target(totals, view.targets):
            st.html(markup.notice(cards.dear(over)))
    channels(view, totals, {total.channel: total.bookings for total in before})
    by_day(view)
    left, right = st.columns([3, 2])
    with left:
        hours(view)
    with right:
        meetings(view)


def channels(view: View, totals: list[ChannelTotal], before: dict[str, int]) -> None:
    selected = frozenset(view.chosen.channels)

    def toggle(channel: str) -> None:
        url.put({"channel": sorted(selected ^ {channel})})

    query = queries.channel_totals(view.chosen)
    with panel("Channels", "leaderboard", query, view.connection):
        st.caption("Choose a channel to see its numbers only.")
        table = cards.leaderboard(totals, before, view.targets, view.colours, selected)
        rows.table("leaderboard", cards.LEADERBOARD, table, toggle, selected)


def by_day(view: View) -> None:
    query = queries.day_totals(view.chosen)
    days = query.rows(view.connection)
    booked = [day for day in days if day.bookings]
    paid = [day for day in days if day.spend]
    with panel("Daily bookings", "daily", query, view.connection):
        if booked:
            _clickable(charts.daily_bookings(days, view.colours), "daily", charts.said_daily(days))
        else:
            st.caption(NO_BOOKINGS)
    left, right = st.columns(2)
    with left, panel("Cost per booking over time", "costs", query, view.connection):
        if any(day.bookings and day.spend for day in days):
            chart = charts.cost_over_time(days, view.colours, view.targets)
            st.altair_chart(chart, width="stretch", alt=charts.said_costs(days))
        else:
            st.caption(NO_SPEND if view.chosen.member else "No day has both spend and bookings.")
    with right, panel("Spend against bookings", "spend", query, view.connection):
        if paid:
            chart = charts.spend_against_bookings(days, view.colours)
            _clickable(chart, "spend", charts.said_spend(days))
        else:
            st.caption(NO_SPEND if view.chosen.member else "No spend on these days.")


def hours(view: View) -> None:
    query = queries.hours_by_weekday(view.chosen)
    found = query.rows(view.connection)
    with panel("Bookings by hour and weekday", "hours", query, view.connection):
        if found:
            counted = heat_map.cells()
            html = heat_map.heat_map(found, charts.said_hours(found))
            rows.clickable("heat", html, counted, lambda name: listing.open_cell(counted[name]))
        else:
            st.caption(NO_BOOKINGS)


def meetings(view: View) -> None:
    query = queries.meeting_load(view.chosen)
    load = query.rows(view.connection)

    def choose(member: str) -> None:
        listing.open_cell(Cell("meetings", {"member": member}))

    with panel("Meetings per member", "members", query, view.connection):
        if not load:
            st.caption("No meetings on these days.")
            return
        st.caption("Canceled meetings left out.")
        with st.container(height=charts.HEIGHT + 40, border=False):
            rows.table("members", ["Member", "Meetings"], cards.members(load, view.names), choose)


def _clickable(chart: Any, name: str, said: str) -> None:
    """A chart whose marks open their bookings; `said` is its text for those who do not see it."""
    # A mark stays selected: another key for each click lets the same one be clicked again.
    key = f"{name}_chart_{st.session_state.get(name + '_clicks', 0)}"

    def clicked() -> None:
        marks = st.session_state[key].selection.get(charts.CLICKED)
        if marks:
            st.session_state[name + "_clicks"] = st.session_state.get(name + "_clicks", 0) + 1
            listing.open_cell(listing.cell_of_mark(marks[0]))

    st.altair_chart(chart, width="stretch", key=key, on_select=clicked, alt=said)


@st.cache_data(max_entries=8, show_spinner=False)
def _names(
    _connection: Any,
    versions: tuple[Version, ...],  # noqa: ARG001 - what the names are kept by
    is_masked: bool,
) -> dict[str, str]:
    """The members' names by id, kept as long as the tables stay the same."""
    return members.labels(_connection, is_masked=is_masked)


def _targets() -> dict[str, float]:
    try:
        return targets.read()
    except targets.TargetsError as error:
        st.html(markup.notice(f"Targets are left out. {error}"))
        return {}
