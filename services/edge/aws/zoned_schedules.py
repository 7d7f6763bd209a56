"""The schedules of EventBridge Scheduler: cron in a time zone, rates, and one moment by `at`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.edge.aws import schedules
from services.edge.aws.schedules import Cron, Rate, ScheduleError

AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)", re.ASCII)


@dataclass(frozen=True)
class At:
    moment: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        return self.moment if self.moment > moment else None


@dataclass(frozen=True)
class ZonedCron:
    """A cron of a place's clocks: what they leave out is skipped, what they show twice is once."""

    cron: Cron
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime | None:
        shown = moment.astimezone(self.zone).replace(tzinfo=UTC, fold=0)
        while (found := self.cron.next_after(shown)) is not None:
            local = found.replace(tzinfo=self.zone)
            real = local.astimezone(UTC)
            is_shown = real.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None)
            if is_shown and real > moment:
                return real
            shown = found
        return None


def parse(expression: str, zone: str) -> Rate | ZonedCron | At:
    """Raises ScheduleError."""
    try:
        place = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ScheduleError(f"Invalid Schedule Expression Timezone {zone}.") from error
    if found := AT.fullmatch(expression.strip()):
        try:
            return At(datetime.fromisoformat(found[1]).replace(tzinfo=place).astimezone(UTC))
        except ValueError as error:
            raise ScheduleError(f"Invalid Schedule Expression {expression}.") from error
    try:
        schedule = schedules.parse(expression)
    except ScheduleError as error:
        raise ScheduleError(f"Invalid Schedule Expression {expression}.") from error
    return schedule if isinstance(schedule, Rate) else ZonedCron(schedule, place)
