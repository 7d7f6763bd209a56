"""What a stack knows of each of its resources, and the template of what there is so far."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from localstack.aws.api.cloudformation import ResourceStatus

from services.edge.cloudformation import policies

Model = dict[str, Any]
Record = dict[str, Any]  # LocalStack's ResolvedResource, with Inputs and the policies
ATTRIBUTES: tuple[policies.Attribute, ...] = ("DeletionPolicy", "UpdateReplacePolicy")


@dataclass(frozen=True)
class Step:
    """One thing that was done to a resource, with what undoing it needs."""

    action: Literal["Add", "Import", "Modify", "Replace"]
    name: str
    before: Record | None
    after: Record


@dataclass(frozen=True)
class Former:
    """A stack before an operation, to be put back where the operation is rolled back."""

    fields: Model

    @classmethod
    def of(cls, stack: Any) -> Former:
        names = (
            "template",
            "processed_template",
            "template_body",
            "description",
            "tags",
            "resolved_parameters",
            "resolved_resources",
            "resolved_outputs",
            "resolved_exports",
        )
        return cls({name: getattr(stack, name) for name in names})

    def put_back(self, stack: Any) -> None:
        vars(stack).update(self.fields)
        stack.resource_states = {
            name: {
                **state,
                "ResourceStatus": _settled(state, self.fields["resolved_resources"][name]),
            }
            for name, state in stack.resource_states.items()
            if name in self.fields["resolved_resources"]
        }


def _settled(state: Model, record: Record) -> Any:
    failed = str(state["ResourceStatus"]).endswith("_FAILED")
    return record["ResourceStatus"] if failed else state["ResourceStatus"]


def made(name: str, kind: str, inputs: Model, template: Model | None) -> Record:
    """The record of a resource that is about to be made; its properties are added when it is."""
    return {
        "LogicalResourceId": name,
        "Type": kind,
        "Inputs": copy.deepcopy(inputs),
        "LastUpdatedTimestamp": datetime.now(UTC),
        **{attribute: policies.policy(template, name, attribute) for attribute in ATTRIBUTES},
    }


def inputs(record: Record) -> Model:
    """A stack of an older version has no inputs in its records: its properties stand for them."""
    return dict(record.get("Inputs", record.get("Properties")) or {})


def done(record: Record, status: str, properties: Model, physical_id: str | None) -> Record:
    return {
        **record,
        "Properties": properties,
        "PhysicalResourceId": physical_id,
        "ResourceStatus": ResourceStatus(status),
    }


def begin(stack: Any, template: Model, *, creates: bool) -> None:
    """From here on the stack's record follows what is really there, resource by resource.

    Should the edge be killed, or the operation fail without rollback, the next operation goes on
    from it. Outputs are left out: they may name resources that are not there.
    """
    base = template if creates else stack.processed_template or stack.template or template
    so_far = {name: part for name, part in base.items() if name not in ("Outputs", "Transform")}
    so_far["Resources"] = {} if creates else dict(base.get("Resources") or {})
    if not creates:
        for part in ("Parameters", "Mappings", "Conditions"):
            so_far[part] = {**(base.get(part) or {}), **(template.get(part) or {})}
    stack.template = stack.processed_template = so_far
    stack.resolved_resources = dict(stack.resolved_resources or {})


def settle(stack: Any, record: Record, template: Model) -> None:
    """A resource is as the template says."""
    name = record["LogicalResourceId"]
    stack.resolved_resources[name] = record
    stack.template["Resources"][name] = (template.get("Resources") or {}).get(name)


def forget(stack: Any, name: str) -> None:
    stack.resolved_resources.pop(name, None)
    stack.resource_states.pop(name, None)
