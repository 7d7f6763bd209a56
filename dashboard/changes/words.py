"""What differs between two versions in, the page's HTML out; every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dashboard import markup
from dashboard.figures import DASH
from pipeline import change_words
from pipeline.change_causes import Cause, SpendChange, why
from pipeline.delta_versions import Version
from pipeline.gold_history import Reasons
from pipeline.table_changes import TableChanges

MOST_LINES = 40


def change_lines(changes: TableChanges) -> str:
    """A line for each row that differs, its key in bold."""
    lines = list(change_words.lines(changes))
    shown = "".join(f"<li>{_line(line)}</li>" for line in lines[:MOST_LINES])
    left = len(lines) - MOST_LINES
    more = f'<p class="quiet">and {left:,} more lines</p>' if left > 0 else ""
    return f'<ul class="change-lines">{shown}</ul>{more}'


def _line(line: str) -> str:
    key, colon, rest = line.partition(": ")
    return f"<b>{escape(key)}</b>{colon}{escape(rest)}"


def reason_lines(channels: Sequence[str], reasons: Reasons) -> str:
    lines = "".join(
        f"<li><b>{escape(name)}</b>: {escape(why(name, reasons.causes, reasons.spend))}</li>"
        for name in channels
    )
    return f'<ul class="change-lines">{lines}</ul>'


def spend_table(spend: Sequence[SpendChange]) -> str:
    rows = [
        [
            escape(str(change.day)),
            escape(change.channel),
            _usd(change.before),
            _usd(change.after),
            f"{change.difference:+,.2f}",
        ]
        for change in spend[:MOST_LINES]
    ]
    return markup.table("spend", ["Day", "Channel", "Before", "After", "Change"], rows)


def cause_row(cause: Cause) -> dict[str, str]:
    """A row of the table of deliveries."""
    effects = ", ".join(f"{name} {number:+}" for name, number in cause.effects.items())
    return {
        "Channel": cause.channel,
        "What": cause.kind,
        "Bookings": effects or DASH,
        "Meeting on": str(cause.booking_date),
        "Event": cause.event,
        "Bronze object": cause.bronze_key,
    }


def version_label(version: Version | None) -> str:
    if version is None:
        return "Before there was a table"
    return f"{version.committed:%-d %b %Y, %H:%M:%S} UTC · version {version.number}"


def _usd(amount: float | None) -> str:
    return DASH if amount is None else f"${amount:,.2f}"
