"""Which operations a stack takes in which status."""

from __future__ import annotations

from typing import Any

from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.services.cloudformation.stores import CloudFormationStore

# UPDATE_ROLLBACK_FAILED is not updated on AWS: there ContinueUpdateRollback comes first, which
# this stack does not serve. A rollback that a kill has cut short would be stuck otherwise.
UPDATABLE = (
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
)


def found(store: CloudFormationStore, name: str) -> Any:
    """The stack by its id, or the live one by its name; None where there is none."""
    if stack := store.stacks_v2.get(name):
        return stack
    live = (one for one in list(store.stacks_v2.values()) if one.status != "DELETE_COMPLETE")
    return next((one for one in live if one.stack_name == name), None)


def updatable(store: CloudFormationStore, name: str) -> Any:
    stack = found(store, name)
    if stack is None or stack.status == "DELETE_COMPLETE":
        raise ValidationError(f"Stack [{name}] does not exist")
    if stack.status not in UPDATABLE:
        raise ValidationError(
            f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
        )
    return stack


def check_deletable(stack: Any, retained: set[str]) -> None:
    if stack.enable_termination_protection:
        raise ValidationError(
            f"Stack [{stack.stack_name}] cannot be deleted while TerminationProtection is enabled"
        )
    if retained and stack.status != "DELETE_FAILED":
        raise ValidationError(
            f"Stack [{stack.stack_name}] is in {stack.status} state: RetainResources is for stacks"
            " in DELETE_FAILED state only"
        )
    if unknown := retained - stack.resolved_resources.keys():
        raise ValidationError(
            "The specified resources to retain must be in a valid state. Do not specify resources"
            f" that are in the DELETE_COMPLETE state: {', '.join(sorted(unknown))}."
        )
    if stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS":
        raise ValidationError(
            f"Stack [{stack.stack_name}] cannot be deleted while in status {stack.status}"
        )
