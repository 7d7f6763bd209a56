"""Which errors a Retry or Catch takes, and what a Choice does with a missing value.

LocalStack: common/error_name/error_equals_decl.py, state_choice/state_choice.py, comparison/,
state_fail/, state_task/state_task.py.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api.stepfunctions import (
    ExecutionFailedEventDetails,
    HistoryEventType,
)
from localstack.services.stepfunctions.asl.component.common.error_name.error_equals_decl import (
    ErrorEqualsDecl,
)
from localstack.services.stepfunctions.asl.component.common.error_name.error_name import ErrorName
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.state.state_choice.comparison import (
    comparison_func,
    variable,
)
from localstack.services.stepfunctions.asl.component.state.state_choice.state_choice import (
    StateChoice,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
    state_task,
)
from localstack.services.stepfunctions.asl.component.state.state_fail import (
    cause_decl,
    error_decl,
    state_fail,
)
from localstack.services.stepfunctions.asl.eval.callback.callback import HeartbeatTimeoutError
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.utils.json_path import NoSuchJsonPathError
from localstack.utils.patch import Patch, patch

from services.edge.stepfunctions.engine import evaluation
from services.edge.stepfunctions.language import choices

RUNTIME = "States.Runtime"
UNCAUGHT_BY_ALL = (RUNTIME, "States.DataLimitExceeded")


def apply() -> None:
    Patch(ErrorEqualsDecl, "_eval_body", _eval_error_equals).apply()
    _tell_missed_choices()
    _compare_by_own_operators()
    # A Fail state may be called by a reserved name, and its paths hold any function.
    Patch(state_fail, "CustomErrorName", ErrorName).apply()
    Patch(cause_decl.CausePath, "__init__", cause_decl.Cause.__init__).apply()
    Patch(error_decl.ErrorPath, "__init__", error_decl.Error.__init__).apply()
    _name_heartbeats()


def taken(names: list[str | None], error: str | None) -> bool:
    if error == RUNTIME:
        return False
    if "States.ALL" in names:
        return error not in UNCAUGHT_BY_ALL
    if "States.TaskFailed" in names and error not in ("States.Timeout", *UNCAUGHT_BY_ALL):
        return True
    return error in names or (error == "States.HeartbeatTimeout" and "States.Timeout" in names)


def _eval_error_equals(self: Any, env: Any) -> None:
    error = env.stack.pop()
    names = [name.error_name for name in self.error_names]
    env.stack.append(taken(names, error.error_name if error else None))


def _tell_missed_choices() -> None:
    @patch(StateChoice._eval_state)
    def _eval_state(evaluate: Any, self: Any, env: Any) -> None:
        if self.default_state is not None:
            evaluate(self, env)
            return
        try:
            evaluate(self, env)
        except RuntimeError as error:
            if not str(error.args[0]).startswith("No branching option"):
                raise
            name, cause = StatesErrorNameType.StatesNoChoiceMatched, "There are no matching choices"
            details = ExecutionFailedEventDetails(error=name.to_name(), cause=f"{cause}.")
            told = EventDetails(executionFailedEventDetails=details)
            raise evaluation.failure(env, name, HistoryEventType.ExecutionFailed, told) from error


def _compare_by_own_operators() -> None:
    def _eval_variable(self: Any, env: Any) -> None:
        path = self.string_sampler.literal_value
        try:
            value = evaluation.looked_up(env, path, env.stack[-1])
        except NoSuchJsonPathError:
            value = variable.NoSuchVariable(path)
        env.stack.append(value)

    def _eval_comparison(self: Any, env: Any) -> None:
        value, name = env.stack.pop(), str(self.operator_type).rpartition(".")[2]
        missing = isinstance(value, variable.NoSuchVariable)
        if name == "IsPresent":
            env.stack.append(missing is not self.value)
            return
        if missing:
            raise NoSuchJsonPathError(json_path=value.path, data=env.stack[-1])
        sample = getattr(self, "string_variable_sample", None)
        expected = sample.literal_value if sample else self.value
        if name.endswith("Path"):
            name, expected = (
                name.removesuffix("Path"),
                evaluation.looked_up(env, expected, env.stack[-1]),
            )
        env.stack.append(choices.compared(name, value, expected))

    Patch(variable.Variable, "_eval_body", _eval_variable).apply()
    for function in (
        comparison_func.ComparisonFuncValue,
        comparison_func.ComparisonFuncStringVariableSample,
    ):
        Patch(function, "_eval_body", _eval_comparison).apply()


def _name_heartbeats() -> None:
    @patch(state_task.StateTask._from_error)
    def _from_error(from_error: Any, self: Any, env: Any, ex: Exception) -> Any:
        failure = from_error(self, env=env, ex=ex)
        if isinstance(ex, HeartbeatTimeoutError):
            name = StatesErrorNameType.StatesHeartbeatTimeout
            failure.error_name = StatesErrorName(typ=name)
            failure.event_details["taskTimedOutEventDetails"]["error"] = name.to_name()
        return failure
