"""A stack that goes, or loses a resource, takes nothing with it that AWS would keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stacks import TestStack, bucket, new_name

FULL = "The bucket you tried to delete is not empty"


@pytest.fixture
def full(edge: Any) -> Callable[[str], None]:
    return lambda name: edge.client("s3").put_object(Bucket=name, Key="precious", Body=b"1")


def _has(edge: Any, name: str) -> bool:
    try:
        edge.client("s3").head_object(Bucket=name, Key="precious")
    except ClientError:
        return False
    return True


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_what_is_to_be_retained_outlives_its_stack(
    edge: Any, full: Callable[[str], None], policy: str
) -> None:
    """CloudFormation of localstack-core 2026.3.0 retains it as well; 4.9.2 does not."""
    stack = TestStack(edge)
    name = stack.name
    types = {
        "B": ("AWS::S3::Bucket", {"BucketName": name}),
        "L": ("AWS::Logs::LogGroup", {"LogGroupName": name}),
        "D": (
            "AWS::Glue::Database",
            {"CatalogId": {"Ref": "AWS::AccountId"}, "DatabaseInput": {"Name": name}},
        ),
    }
    resources = {
        key: {"Type": kind, "DeletionPolicy": policy, "Properties": given}
        for key, (kind, given) in types.items()
    }
    stack.create({"Resources": {**resources, "Gone": bucket(f"{name}-gone")}})
    full(name)

    assert stack.delete() == "DELETE_COMPLETE"

    assert _has(edge, name)
    assert edge.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    edge.client("glue").get_database(Name=name)
    assert stack.statuses("B")[-1] == "DELETE_SKIPPED"
    names = {one["Name"] for one in edge.client("s3").list_buckets()["Buckets"]}
    assert f"{name}-gone" not in names


def test_a_later_stack_of_the_same_name_takes_over_nothing_that_was_retained(edge: Any) -> None:
    glue, emr = edge.client("glue"), edge.client("emr-serverless")
    name = new_name()
    job = {
        "Name": name,
        "Role": "arn:aws:iam::000000000000:role/glue",
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/job.py"},
    }
    crawler = {
        "Name": name,
        "Role": "arn:aws:iam::000000000000:role/glue",
        "DatabaseName": name,
        "Targets": {"S3Targets": [{"Path": f"s3://{name}/data"}]},
    }
    app = {"Name": name, "Type": "SPARK", "ReleaseLabel": "emr-7.12.0"}
    types = {
        "J": ("AWS::Glue::Job", job),
        "C": ("AWS::Glue::Crawler", crawler),
        "A": ("AWS::EMRServerless::Application", app),
    }

    def template(names: str) -> dict[str, Any]:
        return {
            "Resources": {
                key: {
                    "Type": types[key][0],
                    "DeletionPolicy": "Retain",
                    "Properties": types[key][1],
                }
                for key in names
            }
        }

    first = TestStack(edge, name)
    assert first.create(template("JCA")) == "CREATE_COMPLETE"
    assert first.delete() == "DELETE_COMPLETE"
    made = glue.get_job(JobName=name)["Job"]["CreatedOn"], glue.get_crawler(Name=name)["Crawler"]

    for key in "JC":
        later = TestStack(edge, name)
        assert later.create(template(key)) == "ROLLBACK_COMPLETE"
        assert "already" in later.reason(key, "CREATE_FAILED").lower()
        later.delete()
    assert TestStack(edge, name).create(template("A")) == "CREATE_COMPLETE"

    kept = glue.get_job(JobName=name)["Job"]["CreatedOn"], glue.get_crawler(Name=name)["Crawler"]
    assert kept == made
    pages = emr.get_paginator("list_applications").paginate()
    assert [one["name"] for page in pages for one in page["applications"]].count(name) == 2


@pytest.mark.parametrize(
    ("policy", "request_", "stays"),
    [
        ("Retain", {}, True),
        ("Retain", {"RetainExceptOnCreate": True}, False),
        ("RetainExceptOnCreate", {}, False),
    ],
)
def test_a_rolled_back_creation_keeps_only_what_is_to_be_retained_then_too(
    edge: Any, policy: str, request_: dict[str, Any], stays: bool
) -> None:
    stack = TestStack(edge)
    bad = {"Type": "AWS::Backup::BackupVault", "DependsOn": "B"}
    template = {"Resources": {"B": bucket(stack.name, DeletionPolicy=policy), "Bad": bad}}

    assert stack.create(template, **request_) == "ROLLBACK_COMPLETE"

    names = {one["Name"] for one in edge.client("s3").list_buckets()["Buckets"]}
    assert (stack.name in names) is stays


def test_a_bucket_with_objects_fails_the_deletion_until_it_is_retained(
    edge: Any, full: Callable[[str], None]
) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"B": bucket(stack.name), "Other": bucket(f"{stack.name}-2")}})
    full(stack.name)

    assert stack.delete() == "DELETE_FAILED"
    reason = stack.reason("B", "DELETE_FAILED")
    assert FULL in reason
    assert stack.name in reason
    assert stack.described()["StackStatusReason"] == (
        "The following resource(s) failed to delete: [B]. "
    )
    with pytest.raises(ClientError, match="DELETE_FAILED state and can not be updated"):
        stack.update({"Resources": {"B": bucket(stack.name)}})
    assert stack.delete(RetainResources=["B"]) == "DELETE_COMPLETE"
    assert _has(edge, stack.name)


def test_retained_resources_are_named_only_after_a_failed_deletion(edge: Any) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"B": bucket()}})

    with pytest.raises(ClientError, match="DELETE_FAILED"):
        stack.delete(RetainResources=["B"])

    assert stack.described()["StackStatus"] == "CREATE_COMPLETE"


def test_a_full_bucket_that_leaves_the_template_stays_and_the_update_is_complete(
    edge: Any, full: Callable[[str], None]
) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"B": bucket(stack.name), "Rest": bucket()}})
    full(stack.name)

    assert stack.update({"Resources": {"Rest": bucket()}}) == "UPDATE_COMPLETE"

    assert FULL in stack.reason("B", "DELETE_FAILED")
    assert _has(edge, stack.name)
    assert "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" in stack.statuses()
    assert stack.delete() == "DELETE_COMPLETE"
    assert _has(edge, stack.name)


@pytest.mark.parametrize("policy", ["Retain", "Delete"])
def test_a_renamed_bucket_is_made_first_and_the_old_one_goes_by_its_policy(
    edge: Any, policy: str
) -> None:
    stack = TestStack(edge)
    new = f"{stack.name}-new"
    stack.create({"Resources": {"B": bucket(stack.name, UpdateReplacePolicy=policy)}})

    ended = stack.update({"Resources": {"B": bucket(new, UpdateReplacePolicy=policy)}})

    assert ended == "UPDATE_COMPLETE"
    names = {one["Name"] for one in edge.client("s3").list_buckets()["Buckets"]}
    assert new in names
    assert (stack.name in names) is (policy == "Retain")
    found = stack.client.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert [(one["LogicalResourceId"], one["PhysicalResourceId"]) for one in found] == [("B", new)]


def test_an_export_in_use_is_neither_deleted_nor_changed(edge: Any) -> None:
    exporter, importer, export = TestStack(edge), TestStack(edge), new_name()

    def exporting(value: str | None) -> dict[str, Any]:
        output = {"Value": value, "Export": {"Name": export}}
        return {"Resources": {"B": bucket()}, "Outputs": {"o": output} if value else {}}

    exporter.create(exporting("one"))
    value = {"Fn::ImportValue": export}
    importer.create({"Resources": {"B": bucket()}, "Outputs": {"o": {"Value": value}}})
    assert importer.outputs() == {"o": "one"}
    assert exporter.client.list_imports(ExportName=export)["Imports"] == [importer.name]

    for changed, verb in ((exporting("two"), "updated"), (exporting(None), "deleted")):
        assert exporter.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
        told = f"Export {export} cannot be {verb} as it is in use by {importer.name}"
        assert ("UPDATE_ROLLBACK_IN_PROGRESS", told) in exporter.events()
    assert exporter.delete() == "UPDATE_ROLLBACK_COMPLETE"  # its status stays, as on AWS
    assert exporter.described()["StackStatusReason"] == (
        f"Export {export} cannot be deleted as it is in use by {importer.name}"
    )
    assert TestStack(edge).create(exporting("three")) == "ROLLBACK_COMPLETE"  # the name is taken
    assert importer.delete() == "DELETE_COMPLETE"
    assert exporter.delete() == "DELETE_COMPLETE"


def test_an_export_that_is_not_there_fails_the_stack(edge: Any) -> None:
    stack = TestStack(edge)
    value = {"Fn::ImportValue": "nobody-exports-this"}

    ended = stack.create({"Resources": {"B": bucket()}, "Outputs": {"o": {"Value": value}}})

    assert ended == "ROLLBACK_COMPLETE"
    assert "No export named nobody-exports-this found." in json.dumps(stack.events())


def test_a_protected_stack_is_not_deleted(edge: Any) -> None:
    stack = TestStack(edge)
    stack.create({"Resources": {"B": bucket()}}, EnableTerminationProtection=True)

    with pytest.raises(ClientError, match="while TerminationProtection is enabled"):
        stack.delete()

    stack.client.update_termination_protection(
        StackName=stack.name, EnableTerminationProtection=False
    )
    assert stack.delete() == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("policy", "told"),
    [("Keep", "Unrecognized DeletionPolicy Keep"), ("Snapshot", "does not support")],
)
def test_a_policy_that_a_bucket_cannot_have_is_refused(edge: Any, policy: str, told: str) -> None:
    with pytest.raises(ClientError, match=told):
        TestStack(edge).create({"Resources": {"B": bucket(DeletionPolicy=policy)}})
