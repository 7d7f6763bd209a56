"""Failed deployments are rolled back; LocalStack only says so and leaves what was made.

After a failed creation nothing of the stack is left; after a failed update each changed resource
has its former properties again, and the stack's record of its resources is whole.
"""

from __future__ import annotations

import copy
import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from localstack.aws.api.cloudformation import ChangeAction, StackStatus
from localstack.services.cloudformation.engine.v2.change_set_model_executor import (
    ChangeSetModelExecutor,
)
from localstack.services.cloudformation.engine.v2.change_set_model_preproc import PreprocProperties

LOG = logging.getLogger(__name__)
Resources = dict[str, dict[str, Any]]


def add() -> None:
    """Let LocalStack's executor roll back; call once, before a stack is made."""
    ChangeSetModelExecutor.execute = _rolling_back(ChangeSetModelExecutor.execute)


def steps(before: Resources, after: Resources) -> list[tuple[str, str]]:
    """What to undo, as (action, logical id), the last made first; failed ones were never made."""
    undo = []
    for name, resource in reversed(after.items()):
        failed = str(resource.get("ResourceStatus", "")).endswith("CREATE_FAILED")
        if name not in before and not failed:
            undo.append(("Remove", name))
        elif name in before and before[name].get("Properties") != resource.get("Properties"):
            undo.append(("Modify", name))
    return undo


def _rolling_back(execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def whole(self: Any) -> Any:
        stack = self._change_set.stack
        before = copy.deepcopy(stack.resolved_resources or {})
        updates = self._change_set.change_set_type == "UPDATE"
        prefix = "UPDATE_ROLLBACK" if updates else "ROLLBACK"
        with _end_held_back(stack, f"{prefix}_IN_PROGRESS"):
            result = execute(self)
        if not result.failure_message:
            return result
        undone = _undo(self, before, dict(result.resources))
        result.resources.clear()
        result.resources.update(before)
        status = f"{prefix}_{'COMPLETE' if undone else 'FAILED'}"
        stack.set_stack_status(StackStatus(status), result.failure_message)
        return result

    return whole


@contextmanager
def _end_held_back(stack: Any, meanwhile: str) -> Iterator[None]:
    """While this lasts, a failed end of the stack reads as a rollback that is going on."""
    original = stack.set_stack_status

    def held_back(status: StackStatus, reason: str | None = None) -> None:
        failed = str(status).endswith(("_FAILED", "ROLLBACK_COMPLETE"))
        original(StackStatus(meanwhile) if failed else status, reason)

    stack.set_stack_status = held_back
    try:
        yield
    finally:
        del stack.set_stack_status


def _undo(executor: Any, before: Resources, after: Resources) -> bool:
    """Whether everything could be undone; what could not is logged with its reason."""
    whole = True
    for action, name in steps(before, after):
        made = PreprocProperties(properties=copy.deepcopy(after[name].get("Properties") or {}))
        former = before.get(name, {}).get("Properties")
        event = executor._execute_resource_action(
            action=ChangeAction(action),
            logical_resource_id=name,
            resource_type=after[name]["Type"],
            before_properties=made,
            after_properties=PreprocProperties(properties=copy.deepcopy(former))
            if former
            else None,
        )
        if event.status.name != "SUCCESS":
            LOG.error("Resource %s is not rolled back: %s", name, event.message)
            whole = False
    return whole
