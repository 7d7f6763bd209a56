"""Starts what EventBridge's scheduled rules name, at their minute, once."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api.events import RuleState
from localstack.services.events.models import events_stores
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.xray.trace_header import TraceHeader

from services.edge.aws import schedules

LOG = logging.getLogger(__name__)


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


def start(rule: Any) -> None:
    """In a thread: targets may take long."""
    provider = SERVICE_PLUGINS.require("events")._provider
    told = (provider._target_sender_store, rule, rule.account_id, rule.region)
    LOG.info("Rule %s is due: %s", rule.name, rule.schedule_expression)
    name = f"rule-{rule.name}"
    threading.Thread(target=_send, args=told, name=name, daemon=True).start()


def all_rules() -> list[Any]:
    return [
        rule
        for regions in list(events_stores.values())
        for store in list(regions.values())
        for bus in list(store.event_buses.values())
        for rule in list(bus.rules.values())
    ]


def _send(senders: dict[str, Any], rule: Any, account: str, region: str) -> None:
    """To every target of a rule whose time has come; one that fails does not stop the others."""
    for target in list(rule.targets.values()):
        try:
            event = _scheduled(rule, account, region)
            trace = TraceHeader().ensure_root_exists()
            senders[f"{rule.arn}-{target['Id']}"].process_event(event, trace_header=trace)
        except Exception:
            LOG.warning(
                "Rule %s: target %s was not reached", rule.name, target["Arn"], exc_info=True
            )


def _scheduled(rule: Any, account: str, region: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [rule.arn],
        "detail": {},
    }
