"""The plan of a change set is stored until it is carried out: it is by far the largest part.

LocalStack (cloudformation/v2/entities.py) keeps it for as long as the change set.

A stack's state is written at each call while it is in progress; with the plan of the pipeline's
template that takes seconds on a busy machine.
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api.cloudformation import ExecutionStatus
from localstack.services.cloudformation.v2.entities import ChangeSet
from localstack.utils.patch import Patch


def apply() -> None:
    """Let pickles of change sets hold a plan only where it can still be executed."""
    Patch(ChangeSet, "__getstate__", _state).apply()


def _state(change_set: Any) -> dict[str, Any]:
    state = dict(vars(change_set))
    if change_set.execution_status != ExecutionStatus.AVAILABLE:
        state["update_model"] = None
    return state
