"""Pipelines whose source is an object in S3: by polling, by an event, and by a chosen version."""

from __future__ import annotations

import json
import time
import uuid
import zipfile
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.support.errors import code
from tests.support.pipelines import Pipelines, approval, declaration, deploy, s3_source, stage
from tests.support.state_machines import until

RULE_ROLE = "arn:aws:iam::000000000000:role/rules"


def _zip(text: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", text)
    return content.getvalue()


@pytest.fixture
def source(pipelines: Pipelines) -> str:
    """A bucket with versions."""
    name = f"source-{uuid.uuid4().hex[:8]}"
    pipelines.s3.create_bucket(Bucket=name)
    pipelines.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def _put(pipelines: Pipelines, bucket: str, body: bytes, key: str = "code.zip") -> dict[str, Any]:
    return pipelines.s3.put_object(Bucket=bucket, Key=key, Body=body)


def _failure(pipelines: Pipelines, name: str) -> str:
    pipelines.newest_end(name)
    return pipelines.action(name, "Source", "Source")["errorDetails"]["message"]


def test_the_object_is_the_artifact_and_its_version_the_revision(
    pipelines: Pipelines, source: str, bucket: str
) -> None:
    content = _zip("one")
    put = _put(pipelines, source, content)
    place = {"BucketName": "x", "Extract": "false", "ObjectKey": "#{SourceVariables.VersionId}"}
    name = pipelines.create(
        stage("Source", s3_source(source, PollForSourceChanges="false")),
        stage("Deploy", deploy(bucket, **{**place, "BucketName": bucket})),
    )

    ended = pipelines.newest_end(name)

    assert ended["status"] == "Succeeded"
    assert pipelines.objects(bucket) == {put["VersionId"]: content}
    (revision,) = ended["artifactRevisions"]
    assert (revision["name"], revision["revisionId"]) == ("SourceArtifact", put["VersionId"])
    assert revision["revisionSummary"] == f"Amazon S3 version id: {put['VersionId']}"
    (told,) = pipelines.executions(name)[0]["sourceRevisions"]
    assert (told["actionName"], told["revisionId"]) == ("Source", put["VersionId"])
    state = pipelines.api.get_pipeline_state(name=name)["stageStates"][0]["actionStates"][0]
    assert state["currentRevision"]["revisionId"] == put["VersionId"]
    details = pipelines.api.list_action_executions(pipelineName=name)["actionExecutionDetails"]
    assert details[-1]["output"]["outputVariables"] == {
        "BucketName": source,
        "ETag": put["ETag"].strip('"'),
        "ObjectKey": "code.zip",
        "VersionId": put["VersionId"],
    }


def test_a_new_version_starts_one_execution_unless_polling_is_off(
    pipelines: Pipelines, source: str
) -> None:
    stages = [stage("Source", s3_source(source)), stage("Release", approval())]
    polled = pipelines.create(*stages)
    still = pipelines.create(
        stage("Source", s3_source(source, PollForSourceChanges="false")), *stages[1:]
    )
    assert "has no object code.zip" in _failure(pipelines, polled)

    put = _put(pipelines, source, _zip("two"))

    started = until(lambda: pipelines.executions(polled), lambda e: len(e) == 2, 30)[0]
    assert started["trigger"]["triggerType"] == "PollForSourceChanges"
    pipelines.answer(polled, "Release", "Approved")
    assert pipelines.newest_end(polled, 2)["artifactRevisions"][0]["revisionId"] == put["VersionId"]
    time.sleep(4)  # more than one look at the object
    assert len(pipelines.executions(polled)) == 2
    assert len(pipelines.executions(still)) == 1


def test_an_event_of_the_bucket_starts_the_pipeline_of_a_rule(
    edge: Any, pipelines: Pipelines, source: str
) -> None:
    events, first = edge.client("events"), _put(pipelines, source, _zip("one"))
    pipelines.s3.put_bucket_notification_configuration(
        Bucket=source, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    name = pipelines.create(
        stage("Source", s3_source(source, PollForSourceChanges="false")),
        stage("Release", approval()),
    )
    pipelines.answer(name, "Release", "Approved")
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [source]}, "object": {"key": ["code.zip"]}},
    }
    rule = events.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
    arn = pipelines.api.get_pipeline(name=name)["metadata"]["pipelineArn"]
    # As AWS's guide writes the transformer, so that the event's own version is taken.
    revision = {
        "actionName": "Source",
        "revisionType": "S3_OBJECT_VERSION_ID",
        "revisionValue": "<version>",
    }
    transformer = {
        "InputPathsMap": {"version": "$.detail.object.version-id"},
        "InputTemplate": json.dumps({"sourceRevisions": [revision]}),
    }
    events.put_targets(
        Rule=name,
        Targets=[{"Id": "p", "Arn": arn, "RoleArn": RULE_ROLE, "InputTransformer": transformer}],
    )

    _put(pipelines, source, b"aside", key="other.zip")
    second = _put(pipelines, source, _zip("two"))

    started = until(lambda: pipelines.executions(name), lambda e: len(e) == 2, 30)[0]
    assert started["trigger"] == {"triggerType": "CloudWatchEvent", "triggerDetail": rule}
    pipelines.answer(name, "Release", "Approved")
    ended = pipelines.newest_end(name, 2)
    assert ended["artifactRevisions"][0]["revisionId"] == second["VersionId"]
    assert first["VersionId"] != second["VersionId"]
    assert len(pipelines.executions(name)) == 2


def test_a_start_may_choose_the_version_and_where_allowed_the_key(
    pipelines: Pipelines, source: str, bucket: str
) -> None:
    old, other = _zip("old"), _zip("other")
    version = _put(pipelines, source, old)["VersionId"]
    _put(pipelines, source, _zip("new"))
    _put(pipelines, source, other, key="other.zip")
    stages = stage("Deploy", deploy(bucket, Extract="false", ObjectKey="out"))
    fixed = pipelines.create(stage("Source", s3_source(source)), stages)
    free = pipelines.create(
        stage("Source", s3_source(source, AllowOverrideForS3ObjectKey="true")), stages
    )
    for name in (fixed, free):
        pipelines.newest_end(name)

    def revision(kind: str, value: str) -> list[dict[str, str]]:
        return [{"actionName": "Source", "revisionType": kind, "revisionValue": value}]

    chosen = pipelines.start(fixed, sourceRevisions=revision("S3_OBJECT_VERSION_ID", version))
    assert pipelines.end(fixed, chosen)["artifactRevisions"][0]["revisionId"] == version
    assert pipelines.objects(bucket) == {"out": old}
    pipelines.end(
        free, pipelines.start(free, sourceRevisions=revision("S3_OBJECT_KEY", "other.zip"))
    )
    assert pipelines.objects(bucket) == {"out": other}
    for kind in ("S3_OBJECT_KEY", "COMMIT_ID"):
        with pytest.raises(ClientError) as error:
            pipelines.start(fixed, sourceRevisions=revision(kind, "x"))
        assert code(error) == "ValidationException"
    unknown = pipelines.start(fixed, sourceRevisions=revision("S3_OBJECT_VERSION_ID", "nowhere"))
    assert pipelines.end(fixed, unknown)["status"] == "Failed"


def test_a_bucket_without_versions_is_refused_by_name(pipelines: Pipelines, bucket: str) -> None:
    _put(pipelines, bucket, _zip("one"))
    stages = [stage("Source", s3_source(bucket)), stage("Release", approval())]
    name = pipelines.create(*stages)

    assert f"Expected versioning to be enabled on the source bucket {bucket}" in _failure(
        pipelines, name
    )
    for wrong in ({"PollForSourceChanges": "maybe"}, {"Branch": "main"}):
        with pytest.raises(ClientError) as error:
            pipelines.create(stage("Source", s3_source(bucket, **wrong)), stages[1])
        assert code(error) == "InvalidActionDeclarationException"


def test_accounts_and_regions_have_pipelines_of_their_own(
    edge: Any, pipelines: Pipelines, source: str
) -> None:
    name = f"scoped-{uuid.uuid4().hex[:8]}"
    whole = declaration(name, stage("Source", s3_source(source)), stage("Release", approval()))
    pipelines.api.create_pipeline(pipeline=whole)

    def client(account: str, region: str) -> Any:
        keys = {"aws_access_key_id": account, "aws_secret_access_key": "test"}
        return boto3.client("codepipeline", endpoint_url=edge.url, region_name=region, **keys)

    abroad, foreign = client("000000000000", "eu-west-1"), client("111111111111", "us-east-1")

    assert name not in [p["name"] for p in abroad.list_pipelines()["pipelines"]]
    assert foreign.list_pipelines()["pipelines"] == []
    for api in (abroad, foreign):
        with pytest.raises(ClientError) as error:
            api.get_pipeline(name=name)
        assert code(error) == "PipelineNotFoundException"
        api.delete_pipeline(name=name)
    abroad.create_pipeline(pipeline=whole)
    assert pipelines.api.get_pipeline(name=name)["metadata"]["pipelineArn"].split(":")[3:5] == [
        "us-east-1",
        "000000000000",
    ]
    pipelines.api.delete_pipeline(name=name)
    assert abroad.get_pipeline(name=name)["pipeline"]["name"] == name


def test_a_stack_makes_a_pipeline_with_a_source_in_s3(
    edge: Any, pipelines: Pipelines, source: str
) -> None:
    put, name = _put(pipelines, source, _zip("one")), f"stacked-{uuid.uuid4().hex[:8]}"
    kinds = {"Source": ("Source", "S3"), "Release": ("Approval", "Manual")}
    stages = []
    for stage_name, (category, provider) in kinds.items():
        kind = {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}
        stages.append({"Name": stage_name, "Actions": [{"Name": "Approve", "ActionTypeId": kind}]})
    stages[0]["Actions"][0].update(
        Configuration={
            "S3Bucket": source,
            "S3ObjectKey": "code.zip",
            "PollForSourceChanges": False,
        },
        OutputArtifacts=[{"Name": "Code"}],
    )
    properties = {
        "Name": name,
        "RoleArn": "arn:aws:iam::000000000000:role/codepipeline-tests",
        "ArtifactStore": {"Type": "S3", "Location": "artifacts"},
        "Stages": stages,
    }
    template = {
        "Resources": {"P": {"Type": "AWS::CodePipeline::Pipeline", "Properties": properties}}
    }
    stacks = edge.client("cloudformation")
    stacks.create_stack(StackName=name, TemplateBody=json.dumps(template))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})

    pipelines.answer(name, "Release", "Approved")

    assert pipelines.newest_end(name)["artifactRevisions"][0]["revisionId"] == put["VersionId"]
    stacks.delete_stack(StackName=name)


def test_a_role_that_does_not_trust_codepipeline_is_refused(
    edge: Any, pipelines: Pipelines, source: str
) -> None:
    policy = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "s3"}}
    role = edge.client("iam").create_role(
        RoleName=f"other-{uuid.uuid4().hex[:8]}",
        AssumeRolePolicyDocument=json.dumps({"Statement": [policy]}),
    )["Role"]["Arn"]
    whole = declaration("p", stage("Source", s3_source(source)), stage("Release", approval()))

    with pytest.raises(ClientError, match="not authorized to perform AssumeRole") as error:
        pipelines.api.create_pipeline(pipeline={**whole, "roleArn": role})

    assert code(error) == "InvalidStructureException"
