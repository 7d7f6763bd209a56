"""Starts what EventBridge's scheduled rules name, at their minute, once.

LocalStack's own scheduler knows a rule's schedule and state only as they were when its targets
were put: it goes on for a rule that was disabled or deleted, doubles one whose targets are put
again, may fire twice within a minute and counts the days of the week otherwise than AWS.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api.events import RuleState
from localstack.services.events.models import ValidationException, events_stores
from localstack.services.events.rule import RuleService
from localstack.services.events.scheduler import JobScheduler
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.patch import Patch

from services.edge.aws import schedules
from services.edge.events import targets

LOG = logging.getLogger(__name__)
TICK_SECONDS = 1.0


class Scheduler:
    """Looks at the rules as they are now; a rule's time runs from when it was first seen enabled,
    so what was missed while nothing ran is not made up for, as the next time is soon enough."""

    def __init__(self, fire: Callable[[Any], None]) -> None:
        self._fire = fire
        self._next: dict[tuple[str, str], datetime | None] = {}

    def tick(self, rules: Iterable[Any], now: datetime) -> None:
        known, self._next = self._next, {}
        for rule in rules:
            if not rule.schedule_expression or rule.state == RuleState.DISABLED:
                continue
            schedule = schedules.parse(rule.schedule_expression)
            key = (rule.arn, rule.schedule_expression)
            due = known[key] if key in known else schedule.next_after(now)
            if due is not None and due <= now:
                self._fire(rule)
                due = schedule.next_after(now)
            self._next[key] = due


def apply() -> None:
    """LocalStack's loop becomes this one."""
    Patch(JobScheduler, "loop", _loop).apply()
    Patch(RuleService, "create_schedule_job", lambda _self, _function: None).apply()
    Patch(RuleService, "_get_schedule_cron", lambda _self, text: _checked(text)).apply()


def _loop(self: Any, *_: Any) -> None:
    scheduler = Scheduler(_start)
    while not self._stop_event.wait(TICK_SECONDS):
        try:
            scheduler.tick(_rules(), datetime.now(UTC))
        except Exception:  # whatever one rule holds, the others go on
            LOG.exception("Scheduled rules were not looked at")


def _start(rule: Any) -> None:
    """In a thread: targets may take long."""
    provider = SERVICE_PLUGINS.require("events")._provider
    told = (provider._target_sender_store, rule, rule.account_id, rule.region)
    LOG.info("Rule %s is due: %s", rule.name, rule.schedule_expression)
    name = f"rule-{rule.name}"
    threading.Thread(target=targets.send_scheduled, args=told, name=name, daemon=True).start()


def _rules() -> list[Any]:
    return [
        rule
        for regions in list(events_stores.values())
        for store in list(regions.values())
        for bus in list(store.event_buses.values())
        for rule in list(bus.rules.values())
    ]


def _checked(expression: str) -> str:
    try:
        schedules.parse(expression)
    except schedules.ScheduleError as error:
        raise ValidationException("Parameter ScheduleExpression is not valid.") from error
    return expression
