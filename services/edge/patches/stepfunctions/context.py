"""The context object with every field that AWS documents, and tokens that are not lost.

LocalStack: asl/component/state/state.py, backend/execution_worker.py, eval/callback/callback.py,
state_task/service/state_task_service_callback.py.
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from localstack.services.stepfunctions.asl.component.state import state
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (  # noqa: E501
    state_task_service_callback as callbacks,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.resource import (  # noqa: E501
    ResourceCondition,
)
from localstack.services.stepfunctions.asl.eval.callback.callback import CallbackEndpoint
from localstack.services.stepfunctions.backend import execution_worker
from localstack.utils.patch import Patch, patch


def apply() -> None:
    Patch(state, "StateData", _state_data).apply()
    Patch(execution_worker, "ExecutionData", _execution_data).apply()
    _keep_early_answers()
    _give_each_attempt_a_token()


def _state_data(EnteredTime: str, Name: str) -> dict[str, Any]:
    return {"EnteredTime": _time(EnteredTime), "Name": Name, "RetryCount": 0}


def _execution_data(StartTime: str, **fields: Any) -> dict[str, Any]:
    return {**fields, "StartTime": _time(StartTime), "RedriveCount": 0}


def _time(text: str) -> str:
    """As AWS writes it, 2019-03-26T20:14:13.192Z."""
    found = datetime.fromisoformat(text).astimezone(UTC)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _keep_early_answers() -> None:
    """A token answered while the task was invoked is there before its heartbeat is watched."""

    @patch(CallbackEndpoint.setup_heartbeat_endpoint)
    def setup_heartbeat_endpoint(set_up: Any, self: Any, heartbeat_seconds: int) -> Any:
        endpoint = set_up(self, heartbeat_seconds=heartbeat_seconds)
        if self.get_outcome() is not None:
            endpoint.notify()
        return endpoint


def _give_each_attempt_a_token() -> None:
    """LocalStack's second attempt waits at the first one's endpoint, which stays interrupted."""

    @patch(callbacks.StateTaskServiceCallback._eval_execution)
    def _eval_execution(evaluate: Any, self: Any, env: Any) -> None:
        if self.resource.condition == ResourceCondition.WaitForTaskToken:
            context = env.states.context_object
            token = context.context_object_data["Task"]["Token"]
            if env.callback_pool_manager.get(token)._notify_event.is_set():
                env.callback_pool_manager.add(context.update_task_token())
        evaluate(self, env)
