"""Scheduled rules are looked at as they are now, by this project's scheduler.

LocalStack's (services/events/scheduler.py) knows a rule's schedule and state only as they were when
its targets were put: it goes on for a rule that was disabled or deleted, doubles one whose targets
are put again, may fire twice within a minute and counts the days of the week otherwise than AWS.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from localstack.services.events.models import ValidationException
from localstack.services.events.rule import RuleService
from localstack.services.events.scheduler import JobScheduler
from localstack.utils.patch import Patch

from services.edge.aws import schedules
from services.edge.events import scheduler

LOG = logging.getLogger(__name__)
TICK_SECONDS = 1.0


def apply() -> None:
    Patch(JobScheduler, "loop", _loop).apply()
    Patch(RuleService, "create_schedule_job", lambda _self, _function: None).apply()
    Patch(RuleService, "_get_schedule_cron", lambda _self, text: _checked(text)).apply()


def _loop(self: Any, *_: Any) -> None:
    own = scheduler.Scheduler(scheduler.start)
    while not self._stop_event.wait(TICK_SECONDS):
        try:
            own.tick(scheduler.all_rules(), datetime.now(UTC))
        except Exception:  # whatever one rule holds, the others go on
            LOG.exception("Scheduled rules were not looked at")


def _checked(expression: str) -> str:
    try:
        schedules.parse(expression)
    except schedules.ScheduleError as error:
        raise ValidationException("Parameter ScheduleExpression is not valid.") from error
    return expression
