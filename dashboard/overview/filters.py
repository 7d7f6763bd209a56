"""The overview's filters: the data's bounds and the URL in, the chosen filters out."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard import url
from dashboard.overview import queries
from dashboard.overview.queries import Filters

EVERYBODY = "All members"
Days = tuple[date, date]


def choose(connection: Any, bounds: Days) -> Filters | None:
    """The chosen filters, or None while only the first of two dates is chosen."""
    shown = days(url.value("from"), url.value("to"), bounds)
    channels = queries.channels(connection)
    members = queries.employees(connection)
    member = next(iter(url.known("member", members)), None)
    state = st.session_state.get("dates", ())
    half = state if len(state) == 1 else None
    left, middle, right = st.columns(3)
    dates = left.date_input(
        "Dates",
        min_value=bounds[0],
        max_value=bounds[1],
        format="YYYY-MM-DD",
        **url.bound("dates", half or shown, lambda chosen: _days_in_url(chosen, bounds)),
    )
    chosen = middle.multiselect(
        "Channels",
        channels,
        placeholder="All channels",
        **url.bound("channels", url.known("channel", channels), lambda c: {"channel": c}),
    )
    right.selectbox(
        "Member",
        [EVERYBODY, *members],
        **url.bound(
            "member", member or EVERYBODY, lambda m: {"member": None if m == EVERYBODY else m}
        ),
    )
    if len(dates) != 2:
        return None
    return Filters(start=shown[0], end=shown[1], channels=tuple(chosen), employee=member)


def days(first: str | None, last: str | None, bounds: Days) -> Days:
    """The days of the URL inside the data's; all days where it names none, or none of these."""
    start, end = _day(first) or bounds[0], _day(last) or bounds[1]
    start, end = max(start, bounds[0]), min(end, bounds[1])
    return (start, end) if start <= end else bounds


def _days_in_url(chosen: tuple[date, ...], bounds: Days) -> dict[str, str | list[str] | None]:
    if len(chosen) != 2:
        return {}
    return {
        "from": None if chosen[0] == bounds[0] else chosen[0].isoformat(),
        "to": None if chosen[1] == bounds[1] else chosen[1].isoformat(),
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
