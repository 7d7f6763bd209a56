"""Two versions of the silver facts in; the deliveries and spend that changed gold's numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.table_changes import RowChange, TableChanges, Values

BOOKINGS, SPEND = "fact_bookings", "fact_marketing"
# What gold reads of a booking, and by which delivery it is as it is.
BOOKING_COLUMNS = (
    "invitee_id", "booking_date", "channel", "event_start_time", "employee_ids",
    "scheduled_event_id", "event", "event_created_at", "status", "rescheduled", "bronze_key",
)  # fmt: skip
KINDS = ("new booking", "canceled", "moved away", "no-show", "another channel", "changed", "gone")


@dataclass(frozen=True)
class Cause:
    """A delivery that took its booking's place in silver between the two versions.

    `effects` are bookings that it added to a channel (or took, below 0) in gold's count.
    """

    invitee_id: str
    bronze_key: str
    event: str
    kind: str
    channel: str
    booking_date: Any
    effects: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SpendChange:
    """A day's spend of a channel, in USD; None where the version has none."""

    day: Any
    channel: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)


def causes(bookings: TableChanges) -> list[Cause]:
    """Of each booking that differs between two versions of fact_bookings, the delivery."""
    return [_cause(row) for row in bookings.rows]


def spend_changes(spend: TableChanges) -> list[SpendChange]:
    """Of the days that differ between two versions of fact_marketing."""
    return [
        SpendChange(
            row.key.get("spend_date"),
            str(row.key.get("channel")),
            row.before["spend"] if row.before else None,
            row.after["spend"] if row.after else None,
        )
        for row in spend.rows
    ]


def why(channel: str | None, found: Sequence[Cause], spend: Sequence[SpendChange]) -> str:
    """One sentence: which deliveries and which spend changed the numbers of the channel, or all.

    E.g. "9 deliveries: 7 new bookings, 2 canceled; 7 more bookings. Spend did not change."
    """
    those = of_channel(found, channel)
    kinds = Counter(cause.kind for cause in those)
    told = ", ".join(_kinds(kind, kinds[kind]) for kind in KINDS if kinds[kind])
    net = sum(n for cause in those for name, n in cause.effects.items() if channel in (None, name))
    deliveries = f"{len(those):,} {'delivery' if len(those) == 1 else 'deliveries'}"
    first = f"{deliveries}: {told}; {_more(net)}." if those else "No delivery."
    return f"{first} {_spend_words([s for s in spend if channel in (None, s.channel)])}"


def channels(found: Sequence[Cause], spend: Sequence[SpendChange]) -> list[str]:
    """Those whose numbers are touched."""
    named = {name for cause in found for name in (cause.channel, *cause.effects)}
    return sorted(named | {change.channel for change in spend})


def of_channel(found: Iterable[Cause], channel: str | None) -> list[Cause]:
    """The causes that touch the channel's numbers; all of them for None."""
    return [c for c in found if channel is None or channel == c.channel or channel in c.effects]


def _kinds(kind: str, number: int) -> str:
    is_noun = kind in ("new booking", "no-show")
    return f"{number:,} {kind}{'s' if is_noun and number != 1 else ''}"


def _more(net: int) -> str:
    if not net:
        return "as many bookings as before"
    return f"{abs(net):,} {'more' if net > 0 else 'fewer'} booking{'' if abs(net) == 1 else 's'}"


def _spend_words(spend: Sequence[SpendChange]) -> str:
    if not spend:
        return "Spend did not change."
    days = len({change.day for change in spend})
    total = sum(change.difference for change in spend)
    return f"Spend {total:+,.2f} USD on {days:,} day{'' if days == 1 else 's'}."


def _cause(row: RowChange) -> Cause:
    there: Values = row.after or row.before or {}
    return Cause(
        invitee_id=str(row.key.get("invitee_id")),
        bronze_key=str(there.get("bronze_key")),
        event=str(there.get("event")),
        kind=_kind(row.before, row.after),
        channel=str(there.get("channel")),
        booking_date=there.get("booking_date"),
        effects=_effects(row.before, row.after),
    )


def _kind(before: Values | None, after: Values | None) -> str:
    if after is None:
        return "gone"
    if after.get("rescheduled") and not (before and before.get("rescheduled")):
        return "moved away"
    if after.get("status") != (before or {}).get("status"):
        if after.get("status") == "canceled":
            return "canceled"
        if after.get("status") == "no_show":
            return "no-show"
    if before is None:
        return "new booking"
    return "another channel" if before.get("channel") != after.get("channel") else "changed"


def _effects(before: Values | None, after: Values | None) -> dict[str, int]:
    """Gold counts a booking in its channel unless it was moved away; canceled ones too."""
    found: Counter[str] = Counter()
    for values, sign in ((before, -1), (after, 1)):
        if values and not values.get("rescheduled"):
            found[str(values.get("channel"))] += sign
    return {channel: n for channel, n in found.items() if n}
