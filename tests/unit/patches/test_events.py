"""LocalStack's EventBridge still has the faults that this project mends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.events import target
from localstack.services.events.scheduler import JobScheduler, convert_schedule_to_cron


@pytest.mark.mended_by("events.schedules")
def test_days_of_the_week_and_changed_rules_are_passed_over():
    sundays = "cron(0 2 ? * 1 *)"
    assert convert_schedule_to_cron(sundays) == "0 2 ? * 1 *"  # to cron a Monday
    rule = SimpleNamespace(state="ENABLED")
    jobs = JobScheduler()
    jobs.add_job(lambda: None, sundays, enabled=rule.state == "ENABLED")
    rule.state = "DISABLED"
    assert jobs.jobs[0].is_enabled


@pytest.mark.mended_by("events.targets")
def test_an_execution_is_named_by_an_id_that_its_input_need_not_have():
    sender: Any = object.__new__(target.StatesTargetSender)
    sender.target, sender._client = {"Arn": "machine"}, SimpleNamespace(start_execution=dict)
    with pytest.raises(KeyError, match="id"):
        sender.send_event({"only": "what the target's Input says"}, None)


@pytest.mark.mended_by("events.targets")
def test_a_value_that_is_zero_is_lost_and_an_empty_input_not_sent():
    transformer: Any = {"InputPathsMap": {"count": "$.count"}}
    assert target.get_template_replacements(transformer, {"count": 0}) == {"count": ""}
    sent: list[Any] = []
    sender: Any = object.__new__(target.StatesTargetSender)
    sender.target = {"Arn": "machine", "Id": "1", "Input": "{}"}
    sender.send_event = lambda event, _: sent.append(event)
    sender.process_event({"id": "1"}, None)
    assert sent == []
