"""Rows of queries in, Altair charts out. A click on a mark selects its fields as `CLICKED`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from dashboard.figures import day, days
from dashboard.overview.queries import WEEKDAYS, DayTotal, HourBookings

CLICKED = "clicked"
HEIGHT = 250
# Above so many days, a point of a line is a week.
MOST_DAYS = 45


def daily_bookings(rows: Sequence[DayTotal], palette: Mapping[str, str]) -> Any:
    """Stacked bars: bookings per day, by channel."""
    booked = [row for row in rows if row.bookings]
    return (
        alt.Chart(_frame(booked))
        .mark_bar(cornerRadiusTopLeft=1, cornerRadiusTopRight=1, cursor="pointer")
        .encode(
            x=_days(),
            y=alt.Y("bookings:Q", title=None, stack="zero").axis(tickMinStep=1, tickCount=5),
            color=_colour(booked, palette),
            tooltip=_tooltip("bookings"),
        )
        .properties(height=HEIGHT)
        .add_params(_clicks("day", "channel"))
    )


def cost_over_time(
    rows: Sequence[DayTotal], palette: Mapping[str, str], targets: Mapping[str, float]
) -> Any:
    """A line per channel of what a booking cost on each day, or week; its target is dashed."""
    frame = _costs(rows)
    colour = _colour(frame.to_dict("records"), palette)
    lines = (
        alt.Chart(frame)
        .mark_line(point=alt.OverlayMarkDef(size=36), strokeWidth=2)
        .encode(
            x=_days(),
            y=alt.Y("cost:Q", title=None).axis(format="$,.0f", tickCount=5),
            color=colour,
            tooltip=_tooltip("cost", "$,.2f"),
        )
    )
    shown = set(frame["channel"])
    limits = [{"channel": c, "target": t} for c, t in targets.items() if c in shown]
    if not limits:
        return lines.properties(height=HEIGHT)
    rules = (
        alt.Chart(pd.DataFrame(limits))
        .mark_rule(strokeDash=[5, 4], strokeWidth=1.5, opacity=0.8)
        .encode(
            y="target:Q",
            color=colour,
            tooltip=[
                alt.Tooltip("channel:N", title="Channel"),
                alt.Tooltip("target:Q", title="Target", format="$,.2f"),
            ],
        )
    )
    return (lines + rules).properties(height=HEIGHT)


def spend_against_bookings(rows: Sequence[DayTotal], palette: Mapping[str, str]) -> Any:
    """A point per day and channel that cost money."""
    paid = [row for row in rows if row.spend]
    return (
        alt.Chart(_frame(paid))
        .mark_circle(size=60, opacity=0.75, cursor="pointer")
        .encode(
            x=alt.X("spend:Q", title="spend of the day").axis(format="$,.0f", tickCount=5),
            y=alt.Y("bookings:Q", title="bookings").axis(tickMinStep=1, tickCount=5),
            color=_colour(paid, palette),
            tooltip=[*_tooltip("bookings"), alt.Tooltip("spend:Q", title="Spend", format="$,.2f")],
        )
        .properties(height=HEIGHT)
        .add_params(_clicks("day", "channel"))
    )


def said_daily(rows: Sequence[DayTotal]) -> str:
    totals = Counter[date]()
    for row in rows:
        totals[row.booking_date] += row.bookings
    most, number = max(totals.items(), key=lambda item: item[1])
    span = days(min(totals), max(totals))
    return f"Bars of the bookings of each day, {span}; the most, {number}, on {day(most)}."


def said_costs(rows: Sequence[DayTotal]) -> str:
    channels = sorted({row.channel for row in rows if row.bookings and row.spend})
    return f"Lines of what a booking cost over time, of {', '.join(channels)}."


def said_spend(rows: Sequence[DayTotal]) -> str:
    paid = [row for row in rows if row.spend]
    empty = sum(1 for row in paid if not row.bookings)
    return (
        f"{len(paid)} points, a channel's day each, by spend and bookings; {empty} of them bought"
        " no booking."
    )


def said_hours(rows: Sequence[HourBookings]) -> str:
    top = max(rows, key=lambda row: row.bookings)
    return (
        "Heat map of bookings by weekday and hour in UTC; the most,"
        f" {top.bookings}, on {WEEKDAYS[top.weekday - 1]} at {top.hour:02}:00."
    )


def _clicks(*fields: str) -> Any:
    # Not toggling: a second click on the same mark selects it again.
    return alt.selection_point(name=CLICKED, fields=list(fields), on="click", toggle=False)


def _costs(rows: Sequence[DayTotal]) -> pd.DataFrame:
    """Cost per booking by channel and day, or week where the days are many; no gaps' costs."""
    frame = _frame([row for row in rows if row.spend is not None])
    dates = frame.loc[(frame["bookings"] > 0) & (frame["spend"] > 0), "booking_date"]
    if not dates.empty and (dates.max() - dates.min()).days > MOST_DAYS:
        frame["booking_date"] = frame["booking_date"].dt.to_period("W").dt.start_time
    summed = frame.groupby(["booking_date", "channel"], as_index=False)[["bookings", "spend"]].sum()
    paid = summed[(summed["bookings"] > 0) & (summed["spend"] > 0)]
    return paid.assign(cost=paid["spend"] / paid["bookings"])


def _days() -> Any:
    return alt.X("yearmonthdate(booking_date):T", title=None).axis(
        format="%-d %b", grid=False, labelOverlap=True, tickCount=8
    )


def _tooltip(number: str, form: str = ",") -> list[Any]:
    return [
        alt.Tooltip("booking_date:T", title="Date", format="%a %-d %b %Y"),
        alt.Tooltip("channel:N", title="Channel"),
        alt.Tooltip(f"{number}:Q", title=number.capitalize(), format=form),
    ]


def _colour(rows: Sequence[Any], palette: Mapping[str, str]) -> Any:
    found = {row["channel"] if isinstance(row, dict) else row.channel for row in rows}
    shown = [channel for channel in palette if channel in found]
    scale = alt.Scale(domain=shown, range=[palette[channel] for channel in shown])
    return alt.Color("channel:N", scale=scale).legend(
        orient="top", title=None, symbolType="circle", offset=4
    )


def _frame(rows: Sequence[DayTotal]) -> pd.DataFrame:
    frame = pd.DataFrame([row._asdict() for row in rows], columns=list(DayTotal._fields))
    dates = pd.to_datetime(frame["booking_date"])
    return frame.assign(booking_date=dates, day=dates.dt.strftime("%Y-%m-%d"))
