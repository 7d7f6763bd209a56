"""Bookings by hour and weekday in, the HTML of their heat map out: every cell can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from dashboard.overview.cells import Cell
from dashboard.overview.queries import WEEKDAYS, HourBookings

HOURS = range(24)
LABELLED = range(0, 24, 3)


def cells() -> dict[str, Cell]:
    """What each cell of the map counts, by its name in the HTML."""
    return {
        _name(day, hour): Cell("bookings", {"day_of_week": str(day % 7 + 1), "hour": str(hour)})
        for day in range(1, 8)  # Monday first; gold's weeks begin on Sunday
        for hour in HOURS
    }


def heat_map(rows: Sequence[HourBookings], said: str) -> str:
    """A grid: one stop of the tab key, from which the arrows lead to each cell."""
    found = {(row.weekday, row.hour): row.bookings for row in rows}
    most = max(found.values(), default=0)
    heads = "".join(f'<th scope="col">{hour if hour in LABELLED else ""}</th>' for hour in HOURS)
    body = "".join(_weekday(day, found, most) for day in range(1, 8))
    return (
        f'<div class="wide"><table class="heat" role="grid" aria-label="{escape(said)}"><thead><tr>'
        f"<th></th>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        f'<p class="quiet heat-scale" aria-hidden="true">0<i></i>{most:,} · hours are UTC</p>'
    )


def _weekday(day: int, found: Mapping[tuple[int, int], int], most: int) -> str:
    row = "".join(_cell(day, hour, found.get((day, hour), 0), most) for hour in HOURS)
    return f'<tr><th scope="row">{WEEKDAYS[day - 1]}</th>{row}</tr>'


def _cell(day: int, hour: int, bookings: int, most: int) -> str:
    noun = "booking" if bookings == 1 else "bookings"
    told = f"{WEEKDAYS[day - 1]} {hour:02}:00 UTC: {bookings:,} {noun}"
    share = f"{100 * bookings / most:.0f}%" if most else "0%"
    stop = 0 if (day, hour) == (1, 0) else -1
    return (
        f'<td><button type="button" data-row="{_name(day, hour)}" tabindex="{stop}" title="{told}"'
        f' aria-label="{told}" style="--share:{share}"></button></td>'
    )


def _name(day: int, hour: int) -> str:
    return f"{day}-{hour}"
