"""ImportExistingResources: a bucket that is there becomes the stack's, with what is in it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.support.stacks import TestStack, bucket


@pytest.fixture
def kept(edge: Any) -> str:
    name = f"kept-{uuid.uuid4().hex[:10]}"
    edge.client("s3").create_bucket(Bucket=name)
    edge.client("s3").put_object(Bucket=name, Key="data", Body=b"1")
    return name


def _template(name: str, **attributes: Any) -> dict[str, Any]:
    logs = {"Type": "AWS::Logs::LogGroup"}
    return {"Resources": {"Data": bucket(name, **attributes), "Logs": logs}}


def test_a_bucket_that_was_kept_is_taken_over_with_its_objects(edge: Any, kept: str) -> None:
    stack, template = TestStack(edge), _template(kept, DeletionPolicy="Retain")
    assert stack.change(template, "CREATE", ImportExistingResources=True) == "CREATE_COMPLETE"

    assert stack.statuses("Data") == ["IMPORT_IN_PROGRESS", "IMPORT_COMPLETE"]
    assert stack.statuses("Logs")[-1] == "CREATE_COMPLETE"
    assert edge.keys(kept, "") == ["data"]
    changed = _template(
        kept,
        DeletionPolicy="Retain",
        Properties={"VersioningConfiguration": {"Status": "Enabled"}},
    )
    assert stack.update(changed) == "UPDATE_COMPLETE"
    assert edge.client("s3").get_bucket_versioning(Bucket=kept)["Status"] == "Enabled"
    assert stack.delete() == "DELETE_COMPLETE"
    assert edge.keys(kept, "") == ["data"]


def test_a_change_set_tells_what_it_takes_over(edge: Any, kept: str) -> None:
    stacks, name = edge.client("cloudformation"), f"stack-{kept}"
    made = stacks.create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(_template(kept, DeletionPolicy="RetainExceptOnCreate")),
        ImportExistingResources=True,
    )
    stacks.get_waiter("change_set_create_complete").wait(
        ChangeSetName=made["Id"], WaiterConfig={"Delay": 1}
    )
    changes = stacks.describe_change_set(ChangeSetName=made["Id"])["Changes"]
    stacks.delete_stack(StackName=name)

    told = {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in changes}
    assert {name: each["Action"] for name, each in told.items()} == {
        "Data": "Import",
        "Logs": "Add",
    }
    assert "AfterContext" not in told["Data"]


def test_a_stack_that_fails_afterwards_gives_the_bucket_back(edge: Any, kept: str) -> None:
    template = _template(kept, DeletionPolicy="RetainExceptOnCreate")
    template["Resources"]["Bad"] = {**bucket("Not_A_Name"), "DependsOn": "Data"}
    stack = TestStack(edge)

    status = stack.change(template, "CREATE", ImportExistingResources=True)

    assert status == "ROLLBACK_COMPLETE"
    assert edge.keys(kept, "") == ["data"]


@pytest.mark.parametrize(
    ("attributes", "asked"),
    [({"DeletionPolicy": "Retain"}, False), ({}, True)],
    ids=["not asked to", "would not stay"],
)
def test_a_bucket_is_not_taken_over_unasked_or_to_be_deleted_later(
    edge: Any, kept: str, attributes: dict[str, str], asked: bool
) -> None:
    stack = TestStack(edge)
    status = stack.change(_template(kept, **attributes), "CREATE", ImportExistingResources=asked)

    assert status == "ROLLBACK_COMPLETE"
    assert f"{kept} already exists" in stack.reason("Data", "CREATE_FAILED")
    assert edge.keys(kept, "") == ["data"]
