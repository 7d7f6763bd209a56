"""EventBridge keeps its rules' services and senders beside its store: they are made anew."""

from __future__ import annotations

from typing import Any

from localstack.services.events.event_bus import EventBusService
from localstack.services.events.models import events_stores
from localstack.services.events.rule import RuleService

from services.edge.service_state.stores import regional_stores


def after_load(provider: Any) -> None:
    for store in regional_stores(events_stores):
        for bus in store.event_buses.values():
            provider._event_bus_services_store[bus.arn] = EventBusService(bus)
            for rule in bus.rules.values():
                _restore_rule(provider, rule)


def _restore_rule(provider: Any, rule: Any) -> None:
    provider._rule_services_store[rule.arn] = RuleService(rule)
    place = (rule.region, rule.account_id)
    for target in rule.targets.values():
        provider.create_target_sender(target, rule.arn, rule.name, *place)
