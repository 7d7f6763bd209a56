"""A stack that fails says so, and is what it was before, whichever call began it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stacks import TestStack, bucket, new_name

UNSERVED = {"Type": "AWS::Backup::BackupVault", "DependsOn": "Good"}


def _buckets(edge: Any) -> set[str]:
    return {one["Name"] for one in edge.client("s3").list_buckets()["Buckets"]}


@pytest.mark.parametrize("way", ["create", "change"])
def test_a_new_stack_with_an_unserved_type_is_rolled_back_with_all_that_was_made(
    edge: Any, way: str
) -> None:
    stack = TestStack(edge)
    template = {"Resources": {"Good": bucket(stack.name), "Bad": UNSERVED}}

    ended = stack.create(template) if way == "create" else stack.change(template, "CREATE")

    assert ended == "ROLLBACK_COMPLETE"
    assert stack.name not in _buckets(edge)
    assert stack.statuses("Good") == [
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert "AWS::Backup::BackupVault" in stack.reason("Bad", "CREATE_FAILED")
    assert stack.events()[-2:] == [
        (
            "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [Bad]. Rollback requested by user.",
        ),
        ("ROLLBACK_COMPLETE", ""),
    ]


@pytest.mark.parametrize("way", ["update", "change"])
def test_a_failed_update_leaves_the_stack_as_it_was(edge: Any, way: str) -> None:
    stack, other = TestStack(edge), new_name()
    stack.create({"Resources": {"Good": bucket(stack.name)}, "Outputs": {"o": {"Value": "old"}}})
    enabled = {"VersioningConfiguration": {"Status": "Enabled"}}
    template = {
        "Resources": {
            "Good": bucket(stack.name, Properties=enabled),
            "New": bucket(other),
            "Bad": {**UNSERVED, "DependsOn": ["Good", "New"]},
        },
        "Outputs": {"o": {"Value": "new"}},
    }

    ended = stack.update(template) if way == "update" else stack.change(template)

    assert ended == "UPDATE_ROLLBACK_COMPLETE"
    assert other not in _buckets(edge)
    versioning = edge.client("s3").get_bucket_versioning(Bucket=stack.name)
    assert versioning.get("Status") == "Suspended"  # as it cannot be taken away from a bucket
    assert stack.outputs() == {"o": "old"}
    resources = stack.client.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert [one["LogicalResourceId"] for one in resources] == ["Good"]
    assert stack.statuses()[-3:] == [
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    # It can be updated again, from what it was.
    assert stack.change({"Resources": {"Good": bucket(stack.name, Properties=enabled)}}) == (
        "UPDATE_COMPLETE"
    )


def test_a_stack_in_rollback_complete_can_only_be_deleted(edge: Any) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"Good": bucket(), "Bad": UNSERVED}})
    template = {"Resources": {"Good": bucket()}}

    for way in (stack.update, stack.change):
        with pytest.raises(
            ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"
        ) as refused:
            way(template)
        assert refused.value.response["Error"]["Code"] == "ValidationError"

    assert stack.delete() == "DELETE_COMPLETE"


@pytest.mark.parametrize("request_", [{"OnFailure": "DO_NOTHING"}, {"DisableRollback": True}])
def test_without_a_rollback_what_was_made_stays_and_an_update_goes_on_from_there(
    edge: Any, request_: dict[str, Any]
) -> None:
    stack = TestStack(edge)

    ended = stack.create({"Resources": {"Good": bucket(stack.name), "Bad": UNSERVED}}, **request_)

    assert ended == "CREATE_FAILED"
    assert stack.events()[-1][1] == "The following resource(s) failed to create: [Bad]."
    assert stack.name in _buckets(edge)
    mended = {"Resources": {"Good": bucket(stack.name), "Bad": bucket()}}
    assert stack.update(mended) == "UPDATE_COMPLETE"
    assert stack.statuses("Good")[-1] == "CREATE_COMPLETE"  # it was not made a second time
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.name not in _buckets(edge)


def test_on_failure_delete_leaves_no_stack(edge: Any) -> None:
    stack = TestStack(edge)

    ended = stack.create(
        {"Resources": {"Good": bucket(stack.name), "Bad": UNSERVED}}, OnFailure="DELETE"
    )

    assert ended == "DELETE_COMPLETE"
    assert stack.name not in _buckets(edge)
    with pytest.raises(ClientError, match="does not exist"):
        stack.client.describe_stacks(StackName=stack.name)


def test_a_stack_does_not_take_over_a_bucket_that_exists(edge: Any) -> None:
    """Nor a rule or a state machine: their calls would answer as if they had been made."""
    s3, mine = edge.client("s3"), new_name()
    s3.create_bucket(Bucket=mine)
    s3.put_object(Bucket=mine, Key="precious", Body=b"1")
    stack = TestStack(edge)
    stack.create({"Resources": {"B": bucket(stack.name)}})

    assert stack.change({"Resources": {"B": bucket(mine)}}) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"{mine} already exists" in stack.reason("B", "UPDATE_FAILED")
    assert TestStack(edge).create({"Resources": {"B": bucket(mine)}}) == "ROLLBACK_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert s3.get_object(Bucket=mine, Key="precious")["Body"].read() == b"1"


def test_a_stack_does_not_take_over_a_rule_that_exists(edge: Any) -> None:
    events, mine = edge.client("events"), new_name()
    events.put_rule(Name=mine, ScheduleExpression="rate(1 day)", State="DISABLED")
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {"Name": mine, "ScheduleExpression": "rate(2 days)"},
    }

    assert TestStack(edge).create({"Resources": {"R": rule}}) == "ROLLBACK_COMPLETE"
    assert events.describe_rule(Name=mine)["ScheduleExpression"] == "rate(1 day)"


def test_an_update_without_changes_is_refused(edge: Any) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"B": bucket()}})

    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        stack.update({"Resources": {"B": bucket()}})

    assert stack.described()["StackStatus"] == "CREATE_COMPLETE"
