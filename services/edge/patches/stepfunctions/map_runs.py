"""Calls about Map Runs: their limits changed while they go on, their children refused by name.

LocalStack (stepfunctions/provider.py) refuses limits of failures and looks for no child executions.
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.api.stepfunctions import ResourceNotFound
from localstack.services.stepfunctions.provider import StepFunctionsProvider
from localstack.utils.patch import Patch, patch


def apply() -> None:
    _find()
    _refuse_children()


def _find() -> None:
    def update_map_run(
        self: Any,
        context: Any,
        map_run_arn: str,
        max_concurrency: int | None = None,
        tolerated_failure_percentage: float | None = None,
        tolerated_failure_count: int | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        _record(self, context, map_run_arn).update(
            max_concurrency=max_concurrency,
            tolerated_failure_count=tolerated_failure_count,
            tolerated_failure_percentage=tolerated_failure_percentage,
        )
        return {}

    def describe_map_run(self: Any, context: Any, map_run_arn: str, **_: Any) -> Any:
        return _record(self, context, map_run_arn).describe()

    Patch(StepFunctionsProvider, "update_map_run", update_map_run).apply()
    Patch(StepFunctionsProvider, "describe_map_run", describe_map_run).apply()


def _record(provider: Any, context: Any, map_run_arn: str) -> Any:
    for execution in list(provider.get_store(context).executions.values()):
        worker = execution.exec_worker
        if worker is None or worker.env is None:  # it has not begun
            continue
        if record := worker.env.map_run_record_pool_manager.get(map_run_arn):
            return record
    raise ResourceNotFound(f"Resource not found: '{map_run_arn}'")


def _refuse_children() -> None:
    @patch(StepFunctionsProvider.list_executions)
    def list_executions(listed: Any, self: Any, context: Any, *given: Any, **named: Any) -> Any:
        if named.get("map_run_arn"):
            raise ChildError
        return listed(self, context, *given, **named)

    validate = StepFunctionsProvider._validate_state_machine_execution_arn

    def _validate_state_machine_execution_arn(execution_arn: str) -> None:
        # arn:aws:states:REGION:ACCOUNT:execution:MACHINE/LABEL:NAME
        if ":execution:" in execution_arn and "/" in execution_arn:
            raise ChildError
        validate(execution_arn)

    own = staticmethod(_validate_state_machine_execution_arn)
    Patch(StepFunctionsProvider, "_validate_state_machine_execution_arn", own).apply()


class ChildError(CommonServiceException):
    def __init__(self) -> None:
        super().__init__(
            "NotImplemented",
            "Child executions of a distributed Map are not kept as executions by this stack:"
            " DescribeMapRun counts them, and a ResultWriter writes the input, output and error"
            " of each.",
            status_code=501,
        )
