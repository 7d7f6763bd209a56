"""The numbers of the overview that can be opened: a cell to and from its text in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from dashboard.figures import DASH
from dashboard.overview.queries import WEEKDAYS, Filters
from dashboard.url import day_of
from pipeline.evidence import Selection

NAMES = {
    "bookings": "bookings",
    "canceled": "canceled bookings",
    "no_show": "bookings whose invitee did not come",
    "meetings": "bookings of meetings",
}
RANGES = {"hour": range(24), "day_of_week": range(1, 8)}


@dataclass(frozen=True)
class Cell:
    """An outcome (a name of evidence.OUTCOMES), and what the cell asks for beside the page's
    filters, by the names of evidence.CONDITIONS."""

    outcome: str
    conditions: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """E.g. `bookings,booking_date:2026-01-15,channel:facebook`."""
        return ",".join([self.outcome, *(f"{k}:{quote(v)}" for k, v in self.conditions.items())])


def cell_of(text: str | None) -> Cell | None:
    """The cell of a text; None for a text of none."""
    outcome, *parts = (text or "").split(",")
    pairs = [part.partition(":") for part in parts]
    conditions = {name: unquote(value) for name, _, value in pairs}
    if outcome not in NAMES or not all(_is_one(*pair) for pair in conditions.items()):
        return None
    return Cell(outcome, conditions)


def _is_one(name: str, value: str) -> bool:
    if name == "booking_date":
        return day_of(value) is not None
    if name in RANGES:
        return value.isdecimal() and int(value) in RANGES[name]
    return name in ("channel", "member") and bool(value)


def selection(cell: Cell, filters: Filters) -> Selection:
    """The bookings of the cell within the page's filters."""
    within: dict[str, Any] = {"from": filters.start, "to": filters.end}
    if filters.channels:
        within["channels"] = list(filters.channels)
    if filters.member:
        within["member"] = filters.member
    return Selection(within | dict(cell.conditions), cell.outcome)


def title(cell: Cell, members: Mapping[str, str]) -> str:
    asked = cell.conditions
    words = [
        asked.get("channel"),
        asked.get("booking_date"),
        WEEKDAYS[(int(asked["day_of_week"]) - 2) % 7] if "day_of_week" in asked else None,
        f"{int(asked['hour']):02}:00–{int(asked['hour']):02}:59 UTC" if "hour" in asked else None,
        members.get(asked["member"], DASH) if "member" in asked else None,
    ]
    told = ", ".join(word for word in words if word)
    return f"{NAMES[cell.outcome].capitalize()}{': ' if told else ''}{told}"
