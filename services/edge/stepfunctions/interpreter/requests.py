"""What LocalStack's provider (stepfunctions/provider.py) leaves unchecked: names, definitions, and
executions whose machine is deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api.stepfunctions import (
    ExecutionStatus,
    InvalidDefinition,
    InvalidName,
)
from localstack.services.stepfunctions.provider import StepFunctionsProvider

from services.edge.stepfunctions.language import definitions

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
FORBIDDEN = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]")
MAX_LENGTH = 80
CAUSE = "The state machine was deleted"


def apply() -> None:
    _check_definitions()
    _check_names()
    _end_executions()


def checked_name(name: str | None) -> None:
    if name is not None and (not 1 <= len(name) <= MAX_LENGTH or FORBIDDEN.search(name)):
        raise InvalidName(f"Invalid Name: '{name}'")


def _check_definitions() -> None:
    provider = StepFunctionsProvider
    validate = provider._validate_definition

    def _validate_definition(definition: str, static_analysers: list[Any]) -> None:
        if found := definitions.problems(definition):
            told = InvalidDefinition()
            told.message = f"Invalid State Machine Definition: '{', '.join(map(str, found))}'"
            raise told
        validate(definition=definition, static_analysers=static_analysers)

    provider._validate_definition = staticmethod(_validate_definition)


def _check_names() -> None:
    create = StepFunctionsProvider.create_state_machine
    start = StepFunctionsProvider.start_execution
    start_sync = StepFunctionsProvider.start_sync_execution

    def create_state_machine(self: Any, context: Any, request: Any, **kwargs: Any) -> Any:
        checked_name(request["name"])
        return create(self, context, request, **kwargs)

    def start_execution(self: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        checked_name(kwargs.get("name"))
        return start(self, context, *args, **kwargs)

    def start_sync_execution(self: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        checked_name(kwargs.get("name"))
        return start_sync(self, context, *args, **kwargs)

    StepFunctionsProvider.create_state_machine = create_state_machine
    StepFunctionsProvider.start_execution = start_execution
    StepFunctionsProvider.start_sync_execution = start_sync_execution


def _end_executions() -> None:
    """AWS ends them at their next transition; here they end at once."""
    delete = StepFunctionsProvider.delete_state_machine

    def delete_state_machine(self: Any, context: Any, state_machine_arn: str, **kwargs: Any) -> Any:
        answer = delete(self, context, state_machine_arn=state_machine_arn, **kwargs)
        for execution in list(self.get_store(context).executions.values()):
            running = execution.exec_status == ExecutionStatus.RUNNING
            if running and execution.state_machine_arn == state_machine_arn:
                execution.stop(stop_date=datetime.now(UTC), error=None, cause=CAUSE)
        return answer

    StepFunctionsProvider.delete_state_machine = delete_state_machine
