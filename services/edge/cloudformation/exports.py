"""Outputs and exports of stacks: who exports a name, who imports it, and what that forbids."""

from __future__ import annotations

from typing import Any

from localstack.aws.api.cloudformation import Output
from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.services.cloudformation.stores import get_cloudformation_store

from services.edge.cloudformation.coercion import as_text

Model = dict[str, Any]


def output(resolved: Any, template: Model) -> Output:
    """As DescribeStacks shows it; LocalStack leaves out the description, and shows `True`."""
    declared = (template.get("Outputs") or {}).get(resolved.name) or {}
    shown = Output(OutputKey=resolved.name, OutputValue=as_text(resolved.value))
    if declared.get("Description"):
        shown["Description"] = str(declared["Description"])
    if resolved.export:
        shown["ExportName"] = as_text(resolved.export["Name"])
    return shown


def of(outputs: list[Output]) -> dict[str, str]:
    """The exported values by their names."""
    return {
        output["ExportName"]: output["OutputValue"]
        for output in outputs
        if output.get("ExportName")
    }


def require(change_set: Any, name: str) -> None:
    if not any(name in stack.resolved_exports for stack in _live(change_set.stack)):
        raise ValidationError(f"No export named {name} found.")


def importers(stacks: list[Any], name: str) -> list[str]:
    """The names of the stacks that import an export."""
    return sorted(stack.stack_name for stack in stacks if name in getattr(stack, "imports", ()))


def conflict(stack: Any, now: dict[str, str]) -> str | None:
    """Why a stack may not export what it would: a name that is taken, or one that is in use."""
    others = [other for other in _live(stack) if other is not stack]
    for name in now:
        for other in others:
            if name in other.resolved_exports:
                return (
                    f"Export with name {name} is already exported by stack {other.stack_name}."
                    " Export names must be unique per AWS account and region"
                )
    for name, value in (stack.resolved_exports or {}).items():
        if now.get(name) != value and (users := importers(others, name)):
            verb = "updated" if name in now else "deleted"
            return f"Export {name} cannot be {verb} as it is in use by {' and '.join(users)}"
    return None


def _live(stack: Any) -> list[Any]:
    store = get_cloudformation_store(stack.account_id, stack.region_name)
    return [one for one in list(store.stacks_v2.values()) if one.status != "DELETE_COMPLETE"]
