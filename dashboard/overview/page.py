"""The page Overview: what a booking costs, by channel."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import markup, refresh
from dashboard.access import Access
from dashboard.overview import cards, charts, filters, queries, summary
from dashboard.overview.queries import Filters
from dashboard.panels import panel

TABLES = ("gold_booking_metrics", "gold_cpb_by_channel", "fact_bookings")


def show(access: Access) -> None:
    opened = access.open(TABLES)
    st.html(markup.header("Bookings and spend", opened.as_of))
    bounds = queries.date_bounds(opened.cursor)
    if bounds is None:
        st.html(markup.empty("The tables are empty", "There are no bookings and no spend yet."))
    elif (chosen := filters.choose(opened.cursor, bounds)) is None:
        st.html(markup.empty("One more date", "Choose the last day of the range too."))
    else:
        numbers(opened.cursor, chosen)
    refresh.when_versions_change(access, opened.versions, *TABLES)


def numbers(connection: Any, chosen: Filters) -> None:
    totals = queries.channel_totals(connection, chosen)
    palette = charts.colours(queries.channels(connection))
    headline = summary.summary(totals)
    st.html(cards.kpi_row(headline, palette))
    if wasted := summary.spend_without_bookings(totals):
        st.html(cards.warning(wasted))
    daily = queries.daily_bookings(connection, chosen)
    left, right = st.columns([5, 3])
    with left, panel("Daily bookings by channel"):
        chart_or_note(daily and charts.daily_bookings(daily, palette), "No bookings on these days.")
    with right, panel("Cost per booking"):
        known = headline.spend is not None
        chart_or_note(
            charts.cost_per_booking(totals, palette) if known else None,
            "Spend is recorded by channel and day, not by employee.",
        )
    left, right = st.columns([6, 5])
    with left, panel("Attribution"):
        st.html(cards.attribution(totals, palette))
    with right, panel("Bookings by hour and weekday"):
        hours = queries.hours_by_weekday(connection, chosen)
        chart_or_note(hours and charts.hour_by_weekday(hours), "No bookings on these days.")
    with panel("Meetings per member"):
        meeting_load(connection, chosen)


def meeting_load(connection: Any, chosen: Filters) -> None:
    load = queries.meeting_load(connection, chosen)
    if len(load) > charts.TOP:
        st.caption(f"The {charts.TOP} with the most, of {len(load)}; canceled meetings left out.")
    chart_or_note(load and charts.meeting_load(load), "No meetings on these days.")


def chart_or_note(chart: Any, note: str) -> None:
    if chart:
        st.altair_chart(chart, width="stretch")
    else:
        st.caption(note)
