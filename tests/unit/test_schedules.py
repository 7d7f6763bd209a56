"""EventBridge's schedule expressions: the next times, with dates looked up in a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from services.edge.events.scheduler import Scheduler
from services.edge.events.schedules import ScheduleError, parsed

NOW = datetime(2026, 1, 16, 10, 7, 30, tzinfo=UTC)  # a Friday


def test_the_daily_schedule_is_due_at_two_oclock_utc():
    daily = parsed("cron(0 2 * * ? *)")
    two = datetime(2026, 1, 17, 2, tzinfo=UTC)
    assert daily.next_after(NOW) == two
    assert daily.next_after(two - timedelta(seconds=1)) == two
    assert daily.next_after(two) == datetime(2026, 1, 18, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("cron(15 10 * * ? *)", ["2026-01-16 10:15", "2026-01-17 10:15"]),
        ("cron(0/15 * * * ? *)", ["2026-01-16 10:15", "2026-01-16 10:30"]),
        ("cron(0 8 1 * ? *)", ["2026-02-01 08:00", "2026-03-01 08:00"]),
        ("cron(0 18 ? * MON-FRI *)", ["2026-01-16 18:00", "2026-01-19 18:00"]),
        ("cron(0 2 ? * 1 *)", ["2026-01-18 02:00", "2026-01-25 02:00"]),  # 1 is Sunday
        ("cron(0 9 ? * 2#1 *)", ["2026-02-02 09:00", "2026-03-02 09:00"]),
        ("cron(0 9 ? * 6L *)", ["2026-01-30 09:00", "2026-02-27 09:00"]),
        ("cron(0 0 L * ? *)", ["2026-01-31 00:00", "2026-02-28 00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-01-30 00:00", "2026-02-27 00:00"]),
        ("cron(0 0 15W 2,3 ? *)", ["2026-02-16 00:00", "2026-03-16 00:00"]),
        ("cron(0 0 29 FEB ? *)", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("cron(0 5 1 1 ? 2027)", ["2027-01-01 05:00", None]),
        ("rate(1 minute)", ["2026-01-16 10:08", "2026-01-16 10:09"]),
        ("rate(2 hours)", ["2026-01-16 12:07", "2026-01-16 14:07"]),
        ("rate(1 day)", ["2026-01-17 10:07", "2026-01-18 10:07"]),
    ],
)
def test_next_times(expression, times):
    found = [parsed(expression).next_after(NOW)]
    found += [parsed(expression).next_after(found[0])]
    assert [f"{time:%Y-%m-%d %H:%M}" if time else None for time in found] == times


@pytest.mark.parametrize(
    "expression",
    ["", "rate(0 minutes)", "rate(1 minutes)", "rate(2 minute)", "cron(0 2 * * * *)",
     "cron(0 2 ? * ? *)", "cron(60 2 * * ? *)", "cron(0 24 * * ? *)", "cron(0 2 * * ?)",
     "cron(0 2 ? * 8 *)", "cron(x 2 * * ? *)", "cron(0/0 2 * * ? *)", "at(2026-01-01T00:00)"],
)  # fmt: skip
def test_what_eventbridge_does_not_take_is_refused(expression):
    with pytest.raises(ScheduleError):
        parsed(expression)


def rule(name="daily", expression="cron(0 2 * * ? *)", state="ENABLED"):
    return SimpleNamespace(arn=name, name=name, schedule_expression=expression, state=state)


def fired(*ticks):
    """The names of the rules that each tick has started; a tick is (rules, time of day)."""
    started: list[str] = []
    scheduler = Scheduler(lambda rule: started.append(rule.name))
    counts = []
    for rules, time in ticks:
        before = len(started)
        scheduler.tick(rules, datetime.fromisoformat(f"2026-01-17T{time}+00:00"))
        counts.append(started[before:])
    return counts


def test_a_rule_is_started_once_at_its_time_and_not_before():
    times = ("01:59:00", "01:59:59", "02:00:00", "02:00:01", "02:00:59", "02:01:00")
    assert fired(*(([rule()], time) for time in times)) == [[], [], ["daily"], [], [], []]


def test_a_disabled_rule_is_not_started_and_an_enabled_one_is_from_then_on():
    off = rule(state="DISABLED")
    assert fired(([off], "01:59:00"), ([off], "02:00:00"), ([rule()], "02:00:01")) == [[]] * 3


def test_a_rule_that_was_deleted_or_disabled_meanwhile_is_not_started():
    assert fired(([rule()], "01:59:00"), ([], "02:00:00")) == [[], []]
    off = rule(state="DISABLED")
    assert fired(([rule()], "01:59:00"), ([off], "02:00:00")) == [[], []]


def test_a_changed_schedule_counts_from_its_change():
    old, new = rule(expression="rate(1 minute)"), rule(expression="rate(5 minutes)")
    ticks = [([old], "00:00:00"), ([new], "00:00:30"), ([new], "00:01:30"), ([new], "00:05:30")]
    assert fired(*ticks) == [[], [], [], ["daily"]]


def test_what_was_missed_while_the_machine_slept_is_started_once():
    often = rule(expression="rate(1 minute)")
    ticks = [([often], "00:00:00"), ([often], "03:00:00"), ([often], "03:00:01")]
    assert fired(*ticks) == [[], ["daily"], []]
