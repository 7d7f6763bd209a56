"""The overview's filters: the data's days and the URL in, the chosen filters out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard import privacy, url
from dashboard.overview import queries
from dashboard.overview.queries import Filters

EVERYBODY = ""
Days = tuple[date, date]
NO_DAYS: dict[str, str | list[str] | None] = {"from": None, "to": None}
# Of the data's days: they end with the newest day that has both bookings and spend.
PERIODS = {"all": None, "28d": 28, "7d": 7}
PERIOD_NAMES = {"all": "All days", "28d": "28 days", "7d": "7 days", "days": "Dates"}


def choose(connection: Any, bounds: Days, members: Mapping[str, str]) -> Filters | None:
    """The chosen filters, or None while only the first of two dates is chosen."""
    newest = queries.last_full_day(connection) or bounds[1]
    period = url.value("period")
    shown = days(period, url.value("from"), url.value("to"), bounds, newest)
    channels = queries.channels(connection)
    chosen = url.known("channel", channels)
    member = next(iter(url.known("member", members)), EVERYBODY)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        _period(period, shown, bounds)
        is_whole = _dates(shown, bounds)
        st.multiselect(
            "Channels",
            channels,
            placeholder="All channels",
            **url.bound("channels", chosen, lambda c: {"channel": c}),
        )
        st.selectbox(
            "Member",
            [EVERYBODY, *members],
            format_func=lambda m: members.get(m, "All members"),
            **url.bound("member", member, lambda m: {"member": m or None}),
        )
        privacy.toggle("names")
    if not is_whole:
        return None
    return Filters(shown[0], shown[1], tuple(chosen), member or None)


def days(
    period: str | None, first: str | None, last: str | None, bounds: Days, newest: date
) -> Days:
    """The days that the URL asks for, inside the data's; all days where it names none of them."""
    if length := PERIODS.get(period or ""):
        return max(newest - timedelta(days=length - 1), bounds[0]), newest
    start, end = url.day_of(first) or bounds[0], url.day_of(last) or bounds[1]
    start, end = max(start, bounds[0]), min(end, bounds[1])
    return (start, end) if start <= end else bounds


def _period(period: str | None, shown: Days, bounds: Days) -> None:
    now = period if period in PERIODS else "all" if shown == bounds else "days"

    def in_url(chosen: str | None) -> dict[str, str | list[str] | None]:
        if chosen == "days":  # the same days, which move no more with the data
            return _days_in_url(shown)
        return {"period": None if chosen == "all" else chosen} | NO_DAYS

    st.segmented_control(
        "Period",
        list(PERIOD_NAMES),
        format_func=PERIOD_NAMES.__getitem__,
        required=True,
        **url.bound("period", now, in_url),
    )


def _dates(shown: Days, bounds: Days) -> bool:
    """Whether both dates are chosen."""

    def in_url(chosen: tuple[date, ...]) -> dict[str, str | list[str] | None]:
        if len(chosen) != 2:
            return {}
        return {"period": None} | NO_DAYS if chosen == bounds else _days_in_url(chosen)

    state = st.session_state.get("dates", ())
    half = state if len(state) == 1 else None
    dates = st.date_input(
        "Dates",
        min_value=bounds[0],
        max_value=bounds[1],
        format="YYYY-MM-DD",
        **url.bound("dates", half or shown, in_url),
    )
    return len(dates) == 2


def _days_in_url(chosen: Days) -> dict[str, str | list[str] | None]:
    return {"period": None, "from": chosen[0].isoformat(), "to": chosen[1].isoformat()}
