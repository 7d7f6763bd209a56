"""An operation on a stack from its start to its end, in the statuses that AWS documents.

LocalStack's CreateStack and UpdateStack end complete whatever happened
(localstack/services/cloudformation/v2/provider.py), and its rollbacks undo nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api.cloudformation import ChangeSetType, ExecutionStatus, StackStatus
from localstack.services.cloudformation.v2.entities import ChangeSet

from services.edge.cloudformation import exports, records
from services.edge.cloudformation.records import Former, Model
from services.edge.cloudformation.stack_changes import StackChanges

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """What follows a failure: ROLLBACK, DELETE (of a new stack) or DO_NOTHING."""

    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False


def start(change_set: ChangeSet, tags: Any) -> Former:
    """The stack is in progress from here on; what it was until now is returned."""
    stack: Any = change_set.stack
    former = Former.of(stack)
    stack.status_reason = None
    stack.tags = tags
    change_set.set_execution_status(ExecutionStatus.EXECUTE_IN_PROGRESS)
    stack.set_stack_status(_status(change_set, "IN_PROGRESS"), "User Initiated")
    return former


def run(change_set: ChangeSet, former: Former, options: Options) -> None:
    """Never raises: it is a thread's work, and the stack tells what became of it."""
    try:
        _run(change_set, former, options)
    except Exception as error:
        LOG.exception("The deployment of stack %s has failed", change_set.stack.stack_name)
        change_set.set_execution_status(ExecutionStatus.EXECUTE_FAILED)
        change_set.stack.set_stack_status(_status(change_set, "FAILED"), str(error))


def _run(change_set: ChangeSet, former: Former, options: Options) -> None:
    stack: Any = change_set.stack
    template: Model = change_set.processed_template or change_set.template or {}
    records.begin(stack, template, creates=_creates(change_set))
    changes = StackChanges(change_set, template)
    reason = changes.make()
    if reason is None:
        reason = exports.conflict(stack, exports.of(changes.outputs))
    if reason is None:
        _complete(change_set, changes)
        return
    LOG.info("Stack %s fails: %s", stack.stack_name, reason)
    change_set.set_execution_status(ExecutionStatus.EXECUTE_FAILED)
    _fail(change_set, changes, former, options, _told(change_set, changes, reason))


def _complete(change_set: ChangeSet, changes: StackChanges) -> None:
    """The stack's record is whole before its status says so: clients look at once."""
    stack: Any = change_set.stack
    if not _creates(change_set):
        stack.set_stack_status(StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS)
        changes.clean_up()
        stack.last_updated = datetime.now(UTC)
    stack.resolved_resources = dict(changes.resources)
    stack.resolved_outputs = changes.outputs
    stack.resolved_exports = exports.of(changes.outputs)
    stack.imports = sorted(changes.imports)
    stack.resolved_parameters = change_set.resolved_parameters
    stack.template = change_set.template
    stack.template_body = change_set.template_body
    stack.processed_template = change_set.processed_template
    stack.description = (change_set.template or {}).get("Description")
    change_set.set_execution_status(ExecutionStatus.EXECUTE_COMPLETE)
    stack.set_stack_status(_status(change_set, "COMPLETE"))


def _fail(
    change_set: ChangeSet, changes: StackChanges, former: Former, options: Options, told: str
) -> None:
    stack: Any = change_set.stack
    if options.on_failure == "DO_NOTHING":
        stack.resolved_parameters = change_set.resolved_parameters
        stack.template_body = change_set.template_body
        stack.set_stack_status(_status(change_set, "FAILED"), told)
        return
    if options.on_failure == "DELETE" and _creates(change_set):
        stack.set_stack_status(StackStatus.DELETE_IN_PROGRESS, f"{told} Delete requested by user.")
        stuck = changes.remove_all(set())
        _end_deletion(stack, stuck)
        return
    prefix = "ROLLBACK" if _creates(change_set) else "UPDATE_ROLLBACK"
    asked = f"{told} Rollback requested by user." if _creates(change_set) else told
    stack.set_stack_status(StackStatus(f"{prefix}_IN_PROGRESS"), asked)
    stuck = changes.roll_back(retain_except_on_create=options.retain_except_on_create)
    if stuck:
        # The record stays as things are: it is neither the old stack nor the new one.
        reason = f"The following resource(s) failed to roll back: [{', '.join(stuck)}]. "
        stack.set_stack_status(StackStatus(f"{prefix}_FAILED"), reason)
        return
    if not _creates(change_set):
        stack.set_stack_status(StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS)
    former.put_back(stack)
    if _creates(change_set):
        stack.template_body = change_set.template_body
        stack.resolved_parameters = change_set.resolved_parameters
        stack.deletion_time = datetime.now(UTC)
    stack.set_stack_status(StackStatus(f"{prefix}_COMPLETE"))


def delete(stack: Any, retained: set[str], *, force: bool) -> None:
    """Never raises: it is a thread's work, and the stack tells what became of it."""
    try:
        change_set = ChangeSet(stack, {"ChangeSetName": "delete"}, template_body="")
        stuck = StackChanges(change_set, {}).remove_all(retained)
        if force and stuck:
            stuck = StackChanges(change_set, {}).remove_all(set(stuck))
        _end_deletion(stack, stuck)
    except Exception as error:
        LOG.exception("The deletion of stack %s has failed", stack.stack_name)
        stack.set_stack_status(StackStatus.DELETE_FAILED, str(error))


def _end_deletion(stack: Any, stuck: list[str]) -> None:
    if stuck:
        reason = f"The following resource(s) failed to delete: [{', '.join(stuck)}]. "
        stack.set_stack_status(StackStatus.DELETE_FAILED, reason)
        return
    stack.resolved_exports, stack.imports = {}, []
    stack.deletion_time = datetime.now(UTC)
    stack.set_stack_status(StackStatus.DELETE_COMPLETE)


def _told(change_set: ChangeSet, changes: StackChanges, reason: str) -> str:
    """AWS names the resources in the stack's event, and gives the reason in theirs."""
    if changes.failed is None:
        return reason
    made = _creates(change_set) or changes.failed not in changes._before_resolved_resources
    verb = "create" if made else "update"
    return f"The following resource(s) failed to {verb}: [{changes.failed}]."


def _creates(change_set: ChangeSet) -> bool:
    return bool(change_set.change_set_type == ChangeSetType.CREATE)


def _status(change_set: ChangeSet, end: str) -> StackStatus:
    return StackStatus(f"{'CREATE' if _creates(change_set) else 'UPDATE'}_{end}")
