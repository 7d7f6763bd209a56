"""Paths, variables, intrinsic functions and JSONata of a state, evaluated in its environment."""

from __future__ import annotations

import copy
import re
from typing import Any

from localstack.aws.api.stepfunctions import (
    EvaluationFailedEventDetails,
    HistoryEventType,
    TaskFailedEventDetails,
)
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.utils.json_path import NoSuchJsonPathError

from services.edge.stepfunctions.language import intrinsics, jsonata, jsonpath
from services.edge.stepfunctions.language.intrinsic_functions import IntrinsicError

VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")


def extracted(path: str, data: Any) -> Any:
    value = jsonpath.find(path, data)
    if value is jsonpath.MISSING:
        raise NoSuchJsonPathError(json_path=path, data=data)
    return value


def looked_up(env: Any, path: str, data: Any) -> Any:
    """What `$.path`, `$$.path` or `$variable.path` names, a copy of it."""
    if path.startswith("$$"):
        return copy.deepcopy(extracted(path[1:], env.states.context_object.context_object_data))
    variable = VARIABLE.match(path)
    if not variable:
        return copy.deepcopy(extracted(path, data))
    known = variables(env)
    if variable[1] not in known:
        raise NoSuchJsonPathError(json_path=path, data=known)
    return copy.deepcopy(extracted("$" + path[variable.end() :], known[variable[1]]))


def variables(env: Any) -> dict[str, Any]:
    return {**env.variable_store._outer_scope, **env.variable_store._inner_scope}


def intrinsic(env: Any, text: str, data: Any) -> Any:
    try:
        return intrinsics.evaluate(text, lambda path: looked_up(env, path, data))
    except IntrinsicError as error:
        name = StatesErrorNameType.StatesIntrinsicFailure
        details = TaskFailedEventDetails(error=name.to_name(), cause=str(error))
        told = EventDetails(taskFailedEventDetails=details)
        raise failure(env, name, HistoryEventType.TaskFailed, told) from error


def query(env: Any, expression: str) -> Any:
    """A JSONata expression's value; an error is told in the history as AWS does."""
    data = env.states._states_data
    known = {name: data[name] for name in ("input", "context")}
    known |= {name: data[name] for name in ("result", "errorOutput") if data.get(name) is not None}
    try:
        return jsonata.evaluate(expression, {**variables(env), "states": known})
    except jsonata.QueryError as error:
        raise _query_failure(env, str(error)) from error


def failure(env: Any, name: Any, event: Any, details: Any) -> FailureEventException:
    error_name = StatesErrorName(typ=name)
    return FailureEventException(
        FailureEvent(env=env, error_name=error_name, event_type=event, event_details=details)
    )


def _query_failure(env: Any, cause: str) -> FailureEventException:
    name = StatesErrorNameType.StatesQueryEvaluationError
    details = EvaluationFailedEventDetails(error=name.to_name(), cause=cause)
    told = EventDetails(evaluationFailedEventDetails=details)
    raised = failure(env, name, HistoryEventType.EvaluationFailed, told)
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(
            evaluationFailedEventDetails=raised.get_evaluation_failed_event_details()
        ),
    )
    return raised
