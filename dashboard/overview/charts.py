"""Rows of queries in, Altair charts out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard.figures import money
from dashboard.overview.queries import ChannelTotal, DailyBookings, HourBookings, MeetingLoad
from dashboard.overview.summary import cost

COLOURS = {"facebook": "#3457D5", "youtube": "#E5484D", "tiktok": "#12A594", "others": "#9AA3B2"}
MORE_COLOURS = ("#8E4EC6", "#F5A524", "#0091C2", "#A0522D", "#D6409F", "#5B8C3E")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TOP = 15
LABEL = "#5B6475"


def colours(channels: Iterable[str]) -> dict[str, str]:
    """A colour for every channel, the same whichever of them are selected."""
    known = {channel: COLOURS[channel] for channel in COLOURS}
    others = sorted(set(channels) - set(known))
    return known | {c: MORE_COLOURS[i % len(MORE_COLOURS)] for i, c in enumerate(others)}


def daily_bookings(rows: Sequence[DailyBookings], palette: dict[str, str]) -> Any:
    """Stacked bars: bookings per day, by channel."""
    shown = [channel for channel in palette if channel in {row.channel for row in rows}]
    return (
        alt.Chart(_frame(rows, DailyBookings, dates=["booking_date"]))
        .mark_bar(cornerRadiusTopLeft=1, cornerRadiusTopRight=1)
        .encode(
            x=alt.X("yearmonthdate(booking_date):T", title=None).axis(
                format="%-d %b", grid=False, labelOverlap=True, tickCount=8
            ),
            y=alt.Y("sum(bookings):Q", title=None).axis(tickMinStep=1, tickCount=5),
            color=_colour(shown, palette),
            tooltip=[
                alt.Tooltip("booking_date:T", title="Date", format="%a %-d %b %Y"),
                alt.Tooltip("channel:N", title="Channel"),
                alt.Tooltip("bookings:Q", title="Bookings"),
            ],
        )
        .properties(height=270)
    )


def cost_per_booking(totals: Sequence[ChannelTotal], palette: dict[str, str]) -> Any:
    """A bar per channel; a channel without bookings has a dash and no bar."""
    rows = [{"channel": t.channel, "cost": cost(t), "text": money(cost(t))} for t in totals]
    order = [t.channel for t in sorted(totals, key=lambda t: -(cost(t) or 0.0))]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("channel:N", sort=order, title=None).axis(ticks=False, domain=False),
        # Room at the right for the label of the longest bar.
        x=alt.X("length:Q", title=None).axis(None).scale(domain=[0, 1.35 * _longest(totals)]),
        tooltip=[
            alt.Tooltip("channel:N", title="Channel"),
            alt.Tooltip("text:N", title="Cost per booking"),
        ],
    )
    base = base.transform_calculate(length="isValid(datum.cost) ? datum.cost : 0")
    bars = base.mark_bar(cornerRadiusEnd=3, height=22).encode(
        color=_colour([t.channel for t in totals], palette, legend=False)
    )
    labels = base.mark_text(align="left", dx=6, color=LABEL).encode(text="text:N")
    return (bars + labels).properties(height=270)


def hour_by_weekday(rows: Sequence[HourBookings]) -> Any:
    """Heat map of all 24 hours by all seven weekdays."""
    found = {(row.weekday, row.hour): row.bookings for row in rows}
    cells = [
        {"weekday": name, "hour": hour, "bookings": found.get((day, hour), 0)}
        for day, name in enumerate(WEEKDAYS, start=1)
        for hour in range(24)
    ]
    return (
        alt.Chart(pd.DataFrame(cells))
        .mark_rect(cornerRadius=2, stroke="white", strokeWidth=2)
        .encode(
            x=alt.X("hour:O", title="hour, UTC").axis(
                labelAngle=0, ticks=False, domain=False, values=list(range(0, 24, 3))
            ),
            y=alt.Y("weekday:O", sort=list(WEEKDAYS), title=None).axis(
                ticks=False, domain=False, labelOverlap=False
            ),
            color=alt.Color("bookings:Q", title=None)
            .scale(range=["#F1F3F8", "#3457D5"], domainMin=0)
            .legend(orient="top", gradientLength=140, gradientThickness=7, tickMinStep=1),
            tooltip=[
                alt.Tooltip("weekday:O", title="Weekday"),
                alt.Tooltip("hour:O", title="Hour, UTC"),
                alt.Tooltip("bookings:Q", title="Bookings"),
            ],
        )
        .properties(height=alt.Step(27))
    )


def meeting_load(rows: Sequence[MeetingLoad]) -> Any:
    """The members with the most meetings, at most `TOP`."""
    top = list(rows[:TOP])
    base = alt.Chart(_frame(top, MeetingLoad)).encode(
        y=alt.Y("user_id:N", sort=[row.user_id for row in top], title=None).axis(
            ticks=False, domain=False, labelLimit=190
        ),
        x=alt.X("meetings:Q", title=None)
        .axis(None)
        .scale(domain=[0, 1.15 * max(row.meetings for row in top)]),
        tooltip=[
            alt.Tooltip("user_id:N", title="Member"),
            alt.Tooltip("meetings:Q", title="Meetings"),
        ],
    )
    bars = base.mark_bar(cornerRadiusEnd=3, color="#3457D5")
    labels = base.mark_text(align="left", dx=6, color=LABEL).encode(text="meetings:Q")
    return (bars + labels).properties(height=alt.Step(22))


def _longest(totals: Sequence[ChannelTotal]) -> float:
    return max((cost(total) or 0.0 for total in totals), default=0.0) or 1.0


def _colour(channels: Sequence[str], palette: dict[str, str], legend: bool = True) -> Any:
    scale = alt.Scale(domain=list(channels), range=[palette[channel] for channel in channels])
    shown = alt.Legend(orient="top", title=None, symbolType="circle") if legend else None
    return alt.Color("channel:N", scale=scale, legend=shown)


def _frame(rows: Sequence[Any], kind: Any, dates: Sequence[str] = ()) -> pd.DataFrame:
    frame = pd.DataFrame([row._asdict() for row in rows], columns=list(kind._fields))
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates})
