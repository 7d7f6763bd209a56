"""One update changes a resource of each type whose service is this project's or is completed here.

Every changed property is asked for by the service's own call; what leaves the template is gone.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import glue_resources
from tests.support.glue_resources import NAME, Case, Properties, picked
from tests.support.pipelines import TRUST
from tests.support.stacks import TestStack, bucket, new_name


def _pipeline(bucket: str, **more: Any) -> Properties:
    connection = "arn:aws:codestar-connections:us-east-1:000000000000:connection/tests"
    place = {"ConnectionArn": connection, "FullRepositoryId": "a/b", "BranchName": "main"}

    def stage(category: str, provider: str, configuration: Properties, **given: Any) -> Properties:
        kind = {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}
        action = {"Name": category, "ActionTypeId": kind, "Configuration": configuration, **given}
        return {"Name": category, "Actions": [action]}

    artifact = [{"Name": "Code"}]
    return {
        "Name": NAME,
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "ArtifactStore": {"Type": "S3", "Location": "artifacts"},
        "Stages": [
            stage("Source", "CodeStarSourceConnection", place, OutputArtifacts=artifact),
            stage("Deploy", "S3", {"BucketName": bucket, "Extract": True}, InputArtifacts=artifact),
        ],
        **more,
    }


def _application(edge: Any) -> Properties:
    emr = edge.client("emr-serverless")
    pages = emr.get_paginator("list_applications").paginate()
    (found,) = (
        one["id"]
        for page in pages
        for one in page["applications"]
        if one["name"] == NAME and one["state"] != "TERMINATED"
    )
    return dict(emr.get_application(applicationId=found)["application"])


def _log_group(edge: Any) -> Any:
    logs = edge.client("logs")
    (found,) = logs.describe_log_groups(logGroupNamePrefix=NAME)["logGroups"]
    return found.get("retentionInDays"), logs.list_tags_for_resource(
        resourceArn=found["arn"].removesuffix(":*")
    )["tags"]


def _declared(edge: Any) -> Any:
    api = edge.client("codepipeline")
    found = api.get_pipeline(name=NAME)
    tags = api.list_tags_for_resource(resourceArn=found["metadata"]["pipelineArn"])["tags"]
    pipeline = found["pipeline"]
    configuration = pipeline["stages"][1]["actions"][0]["configuration"]
    return [pipeline["executionMode"], configuration["BucketName"], tags]


def _emr(edge: Any) -> Any:
    names = ("releaseLabel", "maximumCapacity", "initialCapacity", "runtimeConfiguration")
    found = _application(edge)
    stops = found["autoStopConfiguration"]["idleTimeoutMinutes"]
    return [*picked(found, *names), stops, found["autoStartConfiguration"], found["tags"]["a"]]


def _list(**tags: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


CAPACITY = {"Cpu": "16 vCPU", "Memory": "64 GB"}
SPARK_DEFAULTS = [{"Classification": "spark-defaults", "Properties": {"spark.executor.cores": "2"}}]
WORKERS = {"WorkerCount": 1, "WorkerConfiguration": {"Cpu": "4 vCPU", "Memory": "16 GB"}}
CASES: dict[str, Case] = {
    **glue_resources.CASES,
    "LogGroup": (
        "AWS::Logs::LogGroup",
        {"LogGroupName": NAME, "RetentionInDays": 7, "Tags": _list(a="1", b="1")},
        {"LogGroupName": NAME, "RetentionInDays": 30, "Tags": _list(a="2")},
        _log_group,
        (30, {"a": "2"}),
    ),
    "Application": (
        "AWS::EMRServerless::Application",
        {
            "Name": NAME,
            "Type": "SPARK",
            "ReleaseLabel": "emr-7.5.0",
            "InitialCapacity": [{"Key": "DRIVER", "Value": WORKERS}],
            "AutoStopConfiguration": {"Enabled": True, "IdleTimeoutMinutes": 5},
            "AutoStartConfiguration": {"Enabled": False},
            "RuntimeConfiguration": SPARK_DEFAULTS,
            "Tags": _list(a="1"),
        },
        {
            "Name": NAME,
            "Type": "SPARK",
            "ReleaseLabel": "emr-7.6.0",
            "MaximumCapacity": CAPACITY,
            "Tags": _list(a="2"),
        },
        _emr,
        [
            *("emr-7.6.0", {"cpu": "16 vCPU", "memory": "64 GB"}, {}, []),
            *(15, {"enabled": True}, "2"),
        ],
    ),
    "Pipeline": (
        "AWS::CodePipeline::Pipeline",
        _pipeline("old", Tags=_list(a="1", b="1"), PipelineType="V2", ExecutionMode="QUEUED"),
        _pipeline("new", Tags=_list(a="2"), PipelineType="V2"),
        _declared,
        ["SUPERSEDED", "new", [{"key": "a", "value": "2"}]],
    ),
}


def _template(which: int) -> Properties:
    made = {name: {"Type": case[0], "Properties": case[which]} for name, case in CASES.items()}
    trust = {"AssumeRolePolicyDocument": json.loads(TRUST)}
    return {"Resources": {**made, "Role": {"Type": "AWS::IAM::Role", "Properties": trust}}}


@pytest.fixture(scope="module")
def updated(edge: Any) -> TestStack:
    stack = TestStack(edge, NAME)
    assert stack.create(_template(1)) == "CREATE_COMPLETE", stack.failures()
    assert stack.update(_template(2)) == "UPDATE_COMPLETE", stack.failures()
    return stack


@pytest.mark.parametrize("resource", CASES)
def test_a_changed_property_is_changed_in_place(
    edge: Any, updated: TestStack, resource: str
) -> None:
    *_, found, right = CASES[resource]

    assert found(edge) == right
    assert updated.statuses(resource)[-2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_the_tags_of_a_stack_are_its_resources_tags_too(edge: Any) -> None:
    stack, name = TestStack(edge), new_name()
    job = {
        "Name": name,
        "Role": glue_resources.ROLE,
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/a.py"},
        "Tags": {"stage": "own"},
    }
    own = {"Tags": _list(stage="own")}
    template = {
        "Resources": {
            "B": bucket(name, Properties=own),
            "J": {"Type": "AWS::Glue::Job", "Properties": job},
        }
    }
    stack.create(template, Tags=_list(stage="stack", team="a"))
    arn = f"arn:aws:glue:us-east-1:000000000000:job/{name}"

    def found() -> tuple[dict[str, str], dict[str, str]]:
        tags = edge.client("s3").get_bucket_tagging(Bucket=name)["TagSet"]
        of_job = edge.client("glue").get_tags(ResourceArn=arn)["Tags"]
        return (
            {one["Key"]: one["Value"] for one in tags},
            {key: value for key, value in of_job.items() if not key.startswith("aws:")},
        )

    first = {"stage": "own", "team": "a"}
    assert found() == (first, first)

    assert stack.update(template, Tags=_list(team="b")) == "UPDATE_COMPLETE", stack.failures()

    second = {"stage": "own", "team": "b"}
    assert found() == (second, second)


def test_a_renamed_table_is_a_new_one_and_the_old_one_is_kept_where_the_template_says_so(
    edge: Any,
) -> None:
    stack, database = TestStack(edge), new_name().replace("-", "_")

    def template(table: str) -> Properties:
        properties = {
            "CatalogId": glue_resources.ACCOUNT,
            "DatabaseName": {"Ref": "D"},
            "TableInput": {"Name": table, "Parameters": {"n": 1}},
        }
        given = {"CatalogId": glue_resources.ACCOUNT, "DatabaseInput": {"Name": database}}
        kept = {"UpdateReplacePolicy": "Retain"}
        return {
            "Resources": {
                "D": {"Type": "AWS::Glue::Database", "Properties": given},
                "T": {"Type": "AWS::Glue::Table", "Properties": properties, **kept},
            }
        }

    stack.create(template("old"))

    assert stack.update(template("new")) == "UPDATE_COMPLETE", stack.failures()

    tables = edge.client("glue").get_tables(DatabaseName=database)["TableList"]
    assert sorted(one["Name"] for one in tables) == ["new", "old"]
    assert stack.statuses("T")[-1] == "DELETE_SKIPPED"
