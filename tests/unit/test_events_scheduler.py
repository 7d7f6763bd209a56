"""EventBridge's scheduler: which rules a moment starts."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

from services.edge.events.scheduler import Scheduler


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
