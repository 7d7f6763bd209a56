"""A CloudFormation stack for a test: made, changed and deleted by the API, waited for."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


def new_name() -> str:
    return f"stack-{uuid.uuid4().hex[:10]}"


def bucket(name: str | None = None, **attributes: Any) -> dict[str, Any]:
    """A bucket's part of a template; properties and attributes such as DeletionPolicy."""
    properties = attributes.pop("Properties", {})
    named = {"BucketName": name} if name else {}
    return {"Type": "AWS::S3::Bucket", "Properties": {**named, **properties}, **attributes}


class TestStack:
    """`name` is its name; templates are dicts or texts."""

    __test__ = False

    def __init__(self, edge: Any, name: str | None = None) -> None:
        self.name = name or new_name()
        self.client = edge.client("cloudformation")
        self.id = self.name

    def create(self, template: Any, **request: Any) -> str:
        """The status in which it ends."""
        self.id = self.client.create_stack(
            StackName=self.name,
            TemplateBody=text_of(template),
            Capabilities=CAPABILITIES,
            **request,
        )["StackId"]
        return self.ended()

    def update(self, template: Any, **request: Any) -> str:
        self.client.update_stack(
            StackName=self.name,
            TemplateBody=text_of(template),
            Capabilities=CAPABILITIES,
            **request,
        )
        return self.ended()

    def change(self, template: Any, kind: str = "UPDATE", **request: Any) -> str:
        """By a change set, as the AWS CLI, SAM and CDK do it."""
        change_set = self.client.create_change_set(
            StackName=self.name,
            ChangeSetName=f"c-{uuid.uuid4().hex[:8]}",
            ChangeSetType=kind,
            TemplateBody=text_of(template),
            Capabilities=CAPABILITIES,
            **request,
        )
        self.id = change_set["StackId"]
        self.client.get_waiter("change_set_create_complete").wait(
            ChangeSetName=change_set["Id"], WaiterConfig={"Delay": 1}
        )
        self.client.execute_change_set(ChangeSetName=change_set["Id"])
        return self.ended()

    def delete(self, **request: Any) -> str:
        self.client.delete_stack(StackName=self.name, **request)
        return self.ended()

    def ended(self) -> str:
        deadline = time.monotonic() + 60
        while (status := self.described()["StackStatus"]).endswith("_IN_PROGRESS"):
            assert time.monotonic() < deadline, f"{self.name} is still {status}"
            time.sleep(0.1)
        return status

    def described(self) -> dict[str, Any]:
        return self.client.describe_stacks(StackName=self.id)["Stacks"][0]

    def outputs(self) -> dict[str, str]:
        found = self.described().get("Outputs", [])
        return {one["OutputKey"]: one["OutputValue"] for one in found}

    def events(self, logical_id: str | None = None) -> list[tuple[str, str]]:
        """(status, reason) of the stack's own events, or of one resource's, the oldest first."""
        found = self.client.describe_stack_events(StackName=self.id)["StackEvents"]
        wanted = logical_id or self.name
        return [
            (event["ResourceStatus"], event.get("ResourceStatusReason", ""))
            for event in reversed(found)
            if event["LogicalResourceId"] == wanted
        ]

    def statuses(self, logical_id: str | None = None) -> list[str]:
        return [status for status, _ in self.events(logical_id)]

    def failures(self) -> list[tuple[str, str, str]]:
        """(name, status, reason) of each resource that has failed, for a test's message."""
        found = self.client.describe_stack_events(StackName=self.id)["StackEvents"]
        return [
            (one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason", ""))
            for one in reversed(found)
            if one["ResourceStatus"].endswith("_FAILED")
        ]

    def reason(self, logical_id: str, status: str) -> str:
        return next(reason for found, reason in self.events(logical_id) if found == status)


def text_of(template: Any) -> str:
    return template if isinstance(template, str) else json.dumps(template)
