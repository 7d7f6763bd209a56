"""What a service needs beside its state when the stack starts again, and what a restart means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.aws.api.stepfunctions import ExecutionStatus
from localstack.services.cloudformation.stores import cloudformation_stores
from localstack.services.events.event_bus import EventBusService
from localstack.services.events.models import events_stores
from localstack.services.events.rule import RuleService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.stepfunctions.backend.store import sfn_stores

from services.edge.store import executions

ENDED = "The stack ended while this was going on; deploy again."


def lambda_functions() -> None:
    """Make each version ready; only once the endpoint answers, for its code comes from S3."""
    if _every(lambda_stores):
        SERVICE_PLUGINS.require("lambda")._provider.on_after_state_load()


def state_machines(_provider: Any) -> None:
    for store in _every(sfn_stores):
        executions.fail_unfinished(store.executions)


def stacks(_provider: Any) -> None:
    for store in _every(cloudformation_stores):
        for stack in filter(_is_unfinished, store.stacks_v2.values()):
            # Only old resources were left to clean up: the update itself was complete.
            done = stack.status.removesuffix("_CLEANUP_IN_PROGRESS")
            ended = done if done != stack.status else stack.status.replace("IN_PROGRESS", "FAILED")
            stack.set_stack_status(ended, ENDED)


def has_running_executions() -> bool:
    return any(
        execution.exec_status == ExecutionStatus.RUNNING
        for store in _every(sfn_stores)
        for execution in list(store.executions.values())
    )


def has_unfinished_stacks() -> bool:
    return any(
        _is_unfinished(stack)
        for store in _every(cloudformation_stores)
        for stack in list(store.stacks_v2.values())
    )


def rules(provider: Any) -> None:
    """EventBridge keeps its rules' services and senders beside its store."""
    for store in _every(events_stores):
        for bus in store.event_buses.values():
            provider._event_bus_services_store[bus.arn] = EventBusService(bus)
            for rule in bus.rules.values():
                _rule(provider, rule)


def _rule(provider: Any, rule: Any) -> None:
    provider._rule_services_store[rule.arn] = RuleService(rule)
    place = (rule.region, rule.account_id)
    for target in rule.targets.values():
        provider.create_target_sender(target, rule.arn, rule.name, *place)


def _is_unfinished(stack: Any) -> bool:
    """A stack in review has only a change set: nothing goes on."""
    return bool(stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS")


def _every(bundle: Any) -> list[Any]:
    return [store for regions in bundle.values() for store in regions.values()]


# What changes by itself, and is told by reading: a stack that is made, an execution that goes on.
GOES_ON: dict[str, Callable[[], bool]] = {
    "cloudformation": has_unfinished_stacks,
    "stepfunctions": has_running_executions,
}
AFTER_LOAD: dict[str, Callable[[Any], None]] = {
    "cloudformation": stacks,
    "events": rules,
    "stepfunctions": state_machines,
}
