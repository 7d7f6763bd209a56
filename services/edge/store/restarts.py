"""What a service needs beside its state when the stack starts again, and what a restart means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from localstack.aws.api.lambda_ import State, StateReasonCode
from localstack.aws.api.stepfunctions import ExecutionStatus
from localstack.services.cloudformation.stores import cloudformation_stores
from localstack.services.events.event_bus import EventBusService
from localstack.services.events.models import events_stores
from localstack.services.events.rule import RuleService
from localstack.services.lambda_.invocation.lambda_models import VersionState
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.stepfunctions.backend.store import sfn_stores

from services.edge.store import executions

PENDING = VersionState(State.Pending, StateReasonCode.Creating, "The function is being restored.")
ENDED = "The stack ended while this was going on; deploy again."


def nothing(_provider: Any) -> None:
    pass


def lambda_functions() -> None:
    """Make each version ready; only once the endpoint answers, for its code comes from S3."""
    provider = SERVICE_PLUGINS.require("lambda")._provider
    for store in _every(lambda_stores):
        for function in store.functions.values():
            for qualifier, version in function.versions.items():
                config = replace(version.config, state=PENDING)
                function.versions[qualifier] = replace(version, config=config)
                provider.lambda_service.create_function_version(function.versions[qualifier])


def state_machines(_provider: Any) -> None:
    for store in _every(sfn_stores):
        executions.fail_unfinished(store.executions)


def stacks(_provider: Any) -> None:
    for store in _every(cloudformation_stores):
        for stack in store.stacks_v2.values():
            if stack.status.endswith("_IN_PROGRESS") and not stack.status.startswith("REVIEW"):
                stack.set_stack_status(stack.status.replace("_IN_PROGRESS", "_FAILED"), ENDED)


def has_running_executions() -> bool:
    return any(
        execution.exec_status == ExecutionStatus.RUNNING
        for store in _every(sfn_stores)
        for execution in list(store.executions.values())
    )


def has_unfinished_stacks() -> bool:
    return any(
        stack.status.endswith("_IN_PROGRESS")
        for store in _every(cloudformation_stores)
        for stack in list(store.stacks_v2.values())
    )


def rules(provider: Any) -> None:
    """EventBridge keeps its rules' services, senders and schedules beside its store."""
    for store in _every(events_stores):
        for bus in store.event_buses.values():
            provider._event_bus_services_store[bus.arn] = EventBusService(bus)
            for rule in bus.rules.values():
                _rule(provider, rule)


def _rule(provider: Any, rule: Any) -> None:
    service = RuleService(rule)
    provider._rule_services_store[rule.arn] = service
    place = (rule.region, rule.account_id)
    for target in rule.targets.values():
        provider.create_target_sender(target, rule.arn, rule.name, *place)
    if service.schedule_cron:
        job = provider._get_scheduled_rule_job_function(rule.account_id, rule.region, rule)
        service.create_schedule_job(job)


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
