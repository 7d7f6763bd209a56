"""When a schedule is due: its document and a moment in, the next moment out; pure.

A document holds the members of CreateSchedule, times as epoch seconds, and `Due`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.edge.aws.schedules import Rate
from services.edge.aws.zoned_schedules import parse

Schedule = dict[str, Any]


def first(schedule: Schedule, now: datetime) -> float | None:
    """A rate begins at once, or with its StartDate."""
    start = _moment(schedule.get("StartDate"))
    begin = start if start is not None and start > now else now
    timing = parse(schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"])
    if isinstance(timing, Rate):
        return _until_end(schedule, begin)
    found = timing.next_after(begin)
    if start is not None and start > now:  # the start itself counts
        found = timing.next_after(datetime.fromtimestamp(start.timestamp() - 1, UTC))
    return _until_end(schedule, found)


def following(schedule: Schedule, now: datetime) -> float | None:
    """After the one that is due now; those that were missed meanwhile are left out."""
    timing = parse(schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"])
    if not isinstance(timing, Rate):
        return _until_end(schedule, timing.next_after(now))
    due = datetime.fromtimestamp(schedule["Due"], UTC)
    passed = (now - due) // timing.period
    return _until_end(schedule, due + timing.period * (passed + 1))


def _until_end(schedule: Schedule, found: datetime | None) -> float | None:
    end = _moment(schedule.get("EndDate"))
    if found is None or (end is not None and found > end):
        return None
    return found.timestamp()


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)
