"""The filter widgets: the data's bounds in, the chosen filters out."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard import queries
from dashboard.queries import Filters

EVERYBODY = "All employees"


def choose(connection: Any, bounds: tuple[date, date]) -> Filters | None:
    """The chosen filters, or None while only the first of two dates is chosen."""
    state = st.session_state
    shown = followed(state.get("dates"), state.get("bounds"), bounds)
    if shown != state.get("dates"):
        # A value that the script sets replaces what the page holds, and with it a click made since.
        state["dates"] = shown
    state["bounds"] = bounds
    dates = st.date_input(
        "Dates", key="dates", min_value=bounds[0], max_value=bounds[1], format="YYYY-MM-DD"
    )
    chosen = st.multiselect(
        "Channels", queries.channels(connection), placeholder="All channels", key="channels"
    )
    employee = st.selectbox("Employee", [EVERYBODY, *queries.employees(connection)], key="employee")
    if not isinstance(dates, tuple) or len(dates) != 2:
        return None
    return Filters(
        start=dates[0],
        end=dates[1],
        channels=tuple(chosen),
        employee=None if employee in (None, EVERYBODY) else employee,
    )


def followed(
    chosen: tuple[date, ...] | None,
    old: tuple[date, date] | None,
    new: tuple[date, date],
) -> tuple[date, ...]:
    """The dates to show when the data's bounds change: all days stay all days."""
    if not chosen or chosen == old:
        return new
    return tuple(min(max(day, new[0]), new[1]) for day in chosen)
