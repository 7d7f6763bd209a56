"""When a schedule of EventBridge Scheduler is due, by the clocks of its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.edge.aws.schedules import ScheduleError
from services.edge.aws.zoned_schedules import parse
from services.edge.scheduler import occurrences

NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def times(expression: str, zone: str, begin: datetime, count: int) -> list[str]:
    timing, found = parse(expression, zone), []
    for _ in range(count):
        begin = timing.next_after(begin)
        found.append(begin.strftime("%m-%d %H:%M"))
    return found


def test_a_cron_follows_the_clocks_of_its_zone():
    begin = datetime(2026, 3, 27, 12, tzinfo=UTC)
    # Berlin goes from UTC+1 to UTC+2 on 29 March 2026.
    assert times("cron(0 9 * * ? *)", "Europe/Berlin", begin, 3) == [
        "03-28 08:00", "03-29 07:00", "03-30 07:00",
    ]  # fmt: skip


def test_a_time_that_clocks_leave_out_is_skipped_and_one_that_they_show_twice_comes_once():
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert times("cron(30 2 * * ? *)", "Europe/Berlin", spring, 1) == ["03-30 00:30"]
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert times("cron(30 2 * * ? *)", "Europe/Berlin", autumn, 2) == ["10-25 00:30", "10-26 01:30"]


@pytest.mark.parametrize(
    ("expression", "zone"),
    [("at(2026-02-30T00:00:00)", "UTC"), ("every day", "UTC"), ("rate(1 hour)", "Mars/Olympus")],
)
def test_what_is_no_schedule_is_told(expression, zone):
    with pytest.raises(ScheduleError, match="Invalid Schedule Expression"):
        parse(expression, zone)


def schedule(expression: str, **more: float) -> dict:
    return {"ScheduleExpression": expression, "ScheduleExpressionTimezone": "UTC", **more}


def test_a_rate_begins_at_once_or_with_its_start_and_leaves_out_what_was_missed():
    assert occurrences.first(schedule("rate(5 minutes)"), NOW) == NOW.timestamp()
    later = (NOW + timedelta(days=1)).timestamp()
    assert occurrences.first(schedule("rate(5 minutes)", StartDate=later), NOW) == later
    due = schedule("rate(5 minutes)", Due=(NOW - timedelta(minutes=12)).timestamp())
    assert occurrences.following(due, NOW) == (NOW + timedelta(minutes=3)).timestamp()


def test_a_moment_comes_once_and_nothing_comes_after_the_end():
    moment = datetime(2026, 3, 1, 13, tzinfo=UTC).timestamp()
    once = schedule("at(2026-03-01T13:00:00)")
    assert occurrences.first(once, NOW) == moment
    assert occurrences.following({**once, "Due": moment}, NOW + timedelta(hours=2)) is None
    ended = schedule("cron(0 13 * * ? *)", EndDate=moment - 1)
    assert occurrences.first(ended, NOW) is None
