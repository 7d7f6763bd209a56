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
from localstack.utils.patch import Patch, patch

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
    validate = StepFunctionsProvider._validate_definition

    def _validate_definition(definition: str, static_analysers: list[Any]) -> None:
        if found := definitions.problems(definition):
            told = InvalidDefinition()
            told.message = f"Invalid State Machine Definition: '{', '.join(map(str, found))}'"
            raise told
        validate(definition=definition, static_analysers=static_analysers)

    own = staticmethod(_validate_definition)
    Patch(StepFunctionsProvider, "_validate_definition", own).apply()


def _check_names() -> None:
    @patch(StepFunctionsProvider.create_state_machine)
    def create(create: Any, self: Any, context: Any, request: Any, **more: Any) -> Any:
        checked_name(request["name"])
        return create(self, context, request, **more)

    for method in (
        StepFunctionsProvider.start_execution,
        StepFunctionsProvider.start_sync_execution,
    ):
        _check_execution_name(method)


def _check_execution_name(method: Any) -> None:
    @patch(method)
    def start(start: Any, self: Any, context: Any, *given: Any, **named: Any) -> Any:
        checked_name(named.get("name"))
        return start(self, context, *given, **named)


def _end_executions() -> None:
    """AWS ends them at their next transition; here they end at once."""

    @patch(StepFunctionsProvider.delete_state_machine)
    def delete(delete: Any, self: Any, context: Any, state_machine_arn: str, **more: Any) -> Any:
        answer = delete(self, context, state_machine_arn=state_machine_arn, **more)
        for execution in list(self.get_store(context).executions.values()):
            running = execution.exec_status == ExecutionStatus.RUNNING
            if running and execution.state_machine_arn == state_machine_arn:
                execution.stop(stop_date=datetime.now(UTC), error=None, cause=CAUSE)
        return answer
