"""AWS's schedule expressions, cron and rate: an expression in; its minutes, in UTC, out.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

OnDay = Callable[[date], bool]

RATE = re.compile(r"rate\((\d+) (minute|hour|day)(s?)\)", re.ASCII)
CRON = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*\)")
MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
WEEKDAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
WEEKDAYS = {name: number for number, name in enumerate(WEEKDAY_NAMES, 1)}
YEARS = (1970, 2199)


class ScheduleError(ValueError):
    """The expression is none that AWS takes; the message says what was expected and found."""


@dataclass(frozen=True)
class Rate:
    period: timedelta

    def next_after(self, moment: datetime) -> datetime | None:
        return moment + self.period


@dataclass(frozen=True)
class Cron:
    """The sets of its fields; times are UTC."""

    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    years: frozenset[int]
    on_day: OnDay

    def matches(self, moment: datetime) -> bool:
        """Whether the schedule names this minute."""
        minute = moment.astimezone(UTC)
        return (
            minute.minute in self.minutes and minute.hour in self.hours and self._on(minute.date())
        )

    def next_after(self, moment: datetime) -> datetime | None:
        """The first minute later than `moment`, or None where there is none any more."""
        day = moment.astimezone(UTC).date()
        while day.year <= max(self.years):
            if self._on(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
                        if found > moment:
                            return found
            day += timedelta(days=1)
        return None

    def _on(self, day: date) -> bool:
        return day.year in self.years and day.month in self.months and self.on_day(day)


def parse(expression: str) -> Rate | Cron:
    """What EventBridge takes; raises ScheduleError."""
    try:
        if found := RATE.fullmatch(expression.strip()):
            return _rate(int(found[1]), found[2], found[3])
    except ValueError as error:
        raise ScheduleError(f"{expression!r}: {error}.") from error
    return parse_cron(expression, "rate(5 minutes) or ")


def parse_cron(expression: str, others: str = "") -> Cron:
    """What Glue takes, which has no rates; raises ScheduleError."""
    found = CRON.fullmatch(expression.strip())
    if found is None:
        raise ScheduleError(
            f"Expected a schedule as {others}cron(15 12 * * ? *), found {expression!r}."
        )
    try:
        return _cron(*found.groups())
    except ValueError as error:
        raise ScheduleError(f"{expression!r}: {error}.") from error


def _rate(value: int, unit: str, plural: str) -> Rate:
    if value < 1:
        raise ValueError("the value must be greater than 0")
    if (value > 1) != bool(plural):
        raise ValueError("the unit is singular for 1, plural for more")
    return Rate(timedelta(**{f"{unit}s": value}))


def _cron(minute: str, hour: str, day: str, month: str, weekday: str, year: str) -> Cron:
    if (day == "?") == (weekday == "?"):
        raise ValueError("one of day of month and day of week must be ?")
    return Cron(
        minutes=_values(minute, 0, 59),
        hours=_values(hour, 0, 23),
        months=_values(month, 1, 12, MONTHS),
        years=_values(year, *YEARS),
        on_day=_day_of_week(weekday.upper()) if day == "?" else _day_of_month(day.upper()),
    )


def _day_of_month(text: str) -> OnDay:
    if text == "L":
        return lambda day: day.day == _last(day)
    if text == "LW":
        return lambda day: day.day == _nearest_weekday(day, _last(day))
    if found := re.fullmatch(r"(\d+)W", text):
        (wanted,) = _values(found[1], 1, 31)
        return lambda day: wanted <= _last(day) and day.day == _nearest_weekday(day, wanted)
    days = _values(text, 1, 31)
    return lambda day: day.day in days


def _day_of_week(text: str) -> OnDay:
    if text == "L":
        return lambda day: _weekday(day) == WEEKDAYS["SAT"]
    if found := re.fullmatch(r"(\w+)L", text):
        (wanted,) = _values(found[1], 1, 7, WEEKDAYS)
        return lambda day: _weekday(day) == wanted and day.day > _last(day) - 7
    if found := re.fullmatch(r"(\w+)#([1-5])", text):
        (wanted,) = _values(found[1], 1, 7, WEEKDAYS)
        week = int(found[2])
        return lambda day: _weekday(day) == wanted and (day.day - 1) // 7 + 1 == week
    days = _values(text, 1, 7, WEEKDAYS)
    return lambda day: _weekday(day) in days


def _weekday(day: date) -> int:
    """1 is Sunday, as AWS counts."""
    return day.isoweekday() % 7 + 1


def _last(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(month: date, wanted: int) -> int:
    """The day of the month from Monday to Friday that is nearest to `wanted`, in that month."""
    weekday = month.replace(day=wanted).isoweekday()
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 7:
        return wanted + 1 if wanted < _last(month) else wanted - 2
    return wanted


def _values(text: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """The numbers of a field: lists, ranges, steps, names."""
    found: set[int] = set()
    for part in text.upper().split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if first == "*" else _number(first, names or {})
        end = _number(last, names or {}) if dash else high if slash or first == "*" else begin
        if not low <= begin <= end <= high or (slash and _number(step, {}) < 1):
            raise ValueError(f"{part!r} is not from {low} to {high}")
        found.update(range(begin, end + 1, _number(step, {}) if slash else 1))
    return frozenset(found)


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text!r} is no number")
    return int(text)
