"""A change set: what deploying would do to the stack, made and read before anything is done."""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

NOTHING = ("didn't contain changes", "No updates are to be performed")
CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
TAGS = [{"Key": "project", "Value": "6"}]


class PlanError(Exception):
    """CloudFormation refuses the template or its parameters."""


@dataclass(frozen=True)
class Change:
    action: str
    type: str
    logical_id: str
    replacement: bool


@dataclass(frozen=True)
class Plan:
    """`change_set` is the change set's id; `creates` tells a new stack from a changed one."""

    stack: str
    change_set: str
    creates: bool
    changes: tuple[Change, ...]

    def document(self) -> dict[str, Any]:
        return {"creates": self.creates, "changes": [asdict(change) for change in self.changes]}


def make(
    cloudformation: Any,
    stack: str,
    template: str,
    parameters: dict[str, str],
    name: str | None = None,
    *,
    adopts: bool = False,
) -> Plan | None:
    """The plan, or None where the stack is already as the template says.

    With `adopts`, what is there by the name of a resource that is to stay becomes the stack's.

    A change set of the same name that was not executed is replaced.
    """
    creates = prepare(cloudformation, stack)
    if name and existing(cloudformation, stack):
        cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)
    answer = cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=name or f"deploy-{uuid.uuid4().hex}",
        ChangeSetType="CREATE" if creates else "UPDATE",
        TemplateBody=template,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        Capabilities=CAPABILITIES,
        ImportExistingResources=adopts,
        Tags=TAGS,
    )
    found = _finished(cloudformation, answer["Id"])
    if found["Status"] == "FAILED":
        cloudformation.delete_change_set(ChangeSetName=answer["Id"])
        reason = found.get("StatusReason") or "no reason given"
        if any(text in reason for text in NOTHING):
            return None
        raise PlanError(f"CloudFormation refuses the change set: {reason}")
    changes = tuple(_change(entry["ResourceChange"]) for entry in _changes(cloudformation, found))
    return Plan(stack, answer["Id"], creates, changes)


def discard(cloudformation: Any, plan: Plan) -> None:
    """Forget a plan that is not applied; with it the empty stack that holds a new one."""
    cloudformation.delete_change_set(ChangeSetName=plan.change_set)
    if plan.creates:
        cloudformation.delete_stack(StackName=plan.stack)


def prepare(cloudformation: Any, name: str) -> bool:
    """Whether the stack is to be created; what is left of a failed creation is deleted first.

    CREATE_FAILED is a creation that was cut short without being rolled back: an update goes on from
    what is there.
    """
    stack = existing(cloudformation, name)
    if stack is None:
        return True
    if stack["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED"):
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack["StackId"], WaiterConfig={"Delay": 1, "MaxAttempts": 600}
        )
        return True
    return bool(stack["StackStatus"] == "REVIEW_IN_PROGRESS")


def existing(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return dict(stacks[0])


def readable(plan: Plan) -> str:
    """One line per change, the replaced ones marked: their data is lost."""
    heading = f"{'Create' if plan.creates else 'Change'} stack {plan.stack}:"
    lines = [
        f"  {change.action:<7} {change.type:<36} {change.logical_id}"
        + ("  (replaced)" if change.replacement else "")
        for change in plan.changes
    ]
    return "\n".join([heading, *lines])


def _finished(cloudformation: Any, change_set: str, timeout: float = 300.0) -> dict[str, Any]:
    deadline = time.monotonic() + timeout
    while True:
        found: dict[str, Any] = cloudformation.describe_change_set(ChangeSetName=change_set)
        if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
            return found
        if time.monotonic() > deadline:
            raise PlanError(f"The change set is still {found['Status']} after {timeout:.0f} s")
        time.sleep(0.3)


def _changes(cloudformation: Any, found: dict[str, Any]) -> list[dict[str, Any]]:
    changes = list(found.get("Changes", []))
    while token := found.get("NextToken"):
        found = cloudformation.describe_change_set(
            ChangeSetName=found["ChangeSetId"], NextToken=token
        )
        changes.extend(found["Changes"])
    return changes


def _change(entry: dict[str, Any]) -> Change:
    return Change(
        action=entry["Action"],
        type=entry["ResourceType"],
        logical_id=entry["LogicalResourceId"],
        # Conditional: it may be, which CloudFormation knows only when it does it.
        replacement=entry.get("Replacement") in ("True", "Conditional"),
    )
