"""Glue's cron expressions: whether a minute, in UTC, is one of those that a schedule names.

https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
EXPRESSION = re.compile(r"cron\(\s*(\S+(?:\s+\S+){5})\s*\)")
TERM = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")
Test = Callable[[datetime], bool]


class CronError(Exception):
    """The expression is not one of Glue's; the message says what was expected and found."""


@dataclass(frozen=True)
class Cron:
    """All of the tests hold in a minute of the schedule."""

    tests: tuple[Test, ...]

    def matches(self, moment: datetime) -> bool:
        return all(test(moment) for test in self.tests)


def parsed(expression: str) -> Cron:
    """`cron(minutes hours day-of-month month day-of-week year)`; raises CronError."""
    found = EXPRESSION.fullmatch(expression.strip())
    if not found:
        raise CronError(f"Expected a schedule as cron(15 12 * * ? *), found {expression!r}.")
    minutes, hours, days, months, weekdays, years = found[1].upper().split()
    if (days == "?") == (weekdays == "?"):
        raise CronError(f"Expected ? in one of day-of-month and day-of-week in {expression!r}.")
    tests = (
        _one_of(_numbers("minutes", minutes, 0, 59), lambda moment: moment.minute),
        _one_of(_numbers("hours", hours, 0, 23), lambda moment: moment.hour),
        _day_of_month(days) if days != "?" else _day_of_week(weekdays),
        _one_of(_numbers("month", months, 1, 12, MONTHS), lambda moment: moment.month),
        _one_of(_numbers("year", years, 1970, 2199), lambda moment: moment.year),
    )
    return Cron(tests)


def _one_of(numbers: frozenset[int], part: Callable[[datetime], int]) -> Test:
    return lambda moment: part(moment) in numbers


def _day_of_month(field: str) -> Test:
    if field == "L":
        return lambda moment: moment.day == _days_in(moment)
    if near := re.fullmatch(r"(\d+)W", field):
        wanted = int(near[1])
        return lambda moment: moment.day == _nearest_weekday(moment, wanted)
    return _one_of(_numbers("day-of-month", field, 1, 31), lambda moment: moment.day)


def _day_of_week(field: str) -> Test:
    """Sunday is 1; `6L` is the month's last Friday, `6#3` its third."""
    if last := re.fullmatch(r"([1-7])L", field):
        wanted = int(last[1])
        return lambda moment: _weekday(moment) == wanted and moment.day + 7 > _days_in(moment)
    if nth := re.fullmatch(r"([1-7])#([1-5])", field):
        wanted, week = int(nth[1]), int(nth[2])
        return lambda moment: _weekday(moment) == wanted and (moment.day - 1) // 7 + 1 == week
    return _one_of(_numbers("day-of-week", field, 1, 7, DAYS), _weekday)


def _numbers(
    name: str, field: str, low: int, high: int, names: tuple[str, ...] = ()
) -> frozenset[int]:
    numbered = field
    for number, word in enumerate(names, start=1):
        numbered = numbered.replace(word, str(number))
    found: set[int] = set()
    for term in numbered.split(","):
        parts = TERM.fullmatch(term)
        if not parts:
            raise CronError(f"{name}: {field!r} is not a list of numbers, ranges and steps.")
        first, last, step = (int(part) if part else None for part in parts.groups())
        start = low if first is None else first
        until = last if last is not None else high if first is None or step else start
        if not low <= start <= until <= high or step == 0:
            raise CronError(f"{name}: expected numbers from {low} to {high}, found {field!r}.")
        found.update(range(start, until + 1, step or 1))
    return frozenset(found)


def _weekday(moment: datetime) -> int:
    return moment.isoweekday() % 7 + 1


def _days_in(moment: datetime) -> int:
    return calendar.monthrange(moment.year, moment.month)[1]


def _nearest_weekday(moment: datetime, wanted: int) -> int:
    """The weekday nearest to that day, in the same month."""
    day = moment.replace(day=min(wanted, _days_in(moment)))
    if day.isoweekday() == 6:
        day += timedelta(days=-1 if day.day > 1 else 2)
    elif day.isoweekday() == 7:
        day += timedelta(days=1 if day.day < _days_in(moment) else -2)
    return day.day
