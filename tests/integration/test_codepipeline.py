"""Pipelines by boto3 and an ordinary git client: every kind of action, and how it can end."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.git_client import WorkTree
from tests.support.pipelines import (
    Pipelines,
    action,
    approval,
    declaration,
    deploy,
    invoke,
    source,
    stage,
)
from tests.support.state_machines import until

REPORT = """
import boto3
def handler(event, context):
    job = event["CodePipeline.job"]
    api = boto3.client("codepipeline")
"""


@pytest.fixture(scope="module")
def pipelines(edge: Any) -> Pipelines:
    return Pipelines(edge.client)


@pytest.fixture
def bucket(pipelines: Pipelines) -> str:
    name = f"deployed-{uuid.uuid4().hex[:8]}"
    pipelines.s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def repository() -> str:
    return f"acme/code-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def tree(edge: Any, repository: str, tmp_path: Path) -> WorkTree:
    return WorkTree(tmp_path / "work", f"{edge.url}/_git/{repository}.git")


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_commit_becomes_objects_and_every_step_is_told(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    commit = tree.push_files("Add a job", {"jobs/one.py": "print(1)\n", "notes.txt": "n"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Deploy", deploy(bucket, CacheControl="no-store")),
    )

    ended = pipelines.newest_end(name)

    assert ended["status"] == "Succeeded"
    assert ended["trigger"]["triggerType"] == "CreatePipeline"
    (revision,) = ended["artifactRevisions"]
    assert (revision["name"], revision["revisionId"]) == ("SourceArtifact", commit)
    assert json.loads(revision["revisionSummary"])["CommitMessage"] == "Add a job"
    assert pipelines.objects(bucket) == {"jobs/one.py": b"print(1)\n", "notes.txt": b"n"}
    head = pipelines.s3.head_object(Bucket=bucket, Key="jobs/one.py")
    assert (head["CacheControl"], head["ContentType"]) == ("no-store", "text/x-python")
    deployed, sourced = pipelines.api.list_action_executions(pipelineName=name)[
        "actionExecutionDetails"
    ]
    assert (sourced["stageName"], deployed["stageName"]) == ("Source", "Deploy")
    assert sourced["output"]["outputVariables"]["CommitId"] == commit
    assert sourced["output"]["executionResult"]["externalExecutionId"] == commit
    place = deployed["input"]["inputArtifacts"][0]["s3location"]
    # AWS shortens names in keys: the pipeline's to 20 characters, the artifact's to 10.
    assert place["key"].startswith(f"{name[:20]}/SourceArti/")
    stored = pipelines.s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        assert archive.namelist() == ["jobs/one.py", "notes.txt"]


def test_a_push_to_the_branch_starts_a_run_and_one_to_another_does_not(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    pipelines.newest_end(name)

    tree.git("push", "--quiet", "origin", "main:aside")
    commit = tree.push_files("Second", {"a.txt": "2"})
    ended = pipelines.newest_end(name, 2)

    assert len(pipelines.executions(name)) == 2
    assert ended["trigger"]["triggerType"] == "WebhookV2"
    assert ended["artifactRevisions"][0]["revisionId"] == commit
    assert pipelines.objects(bucket) == {"a.txt": b"2"}


def test_with_detect_changes_off_only_a_start_runs_and_it_may_name_an_older_commit(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    first = tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository, DetectChanges="false")), stage("Deploy", deploy(bucket))
    )
    pipelines.newest_end(name)
    tree.push_files("Second", {"a.txt": "2"})
    assert len(pipelines.executions(name)) == 1

    pipelines.end(name, pipelines.start(name))
    assert pipelines.objects(bucket) == {"a.txt": b"2"}
    override = {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": first}
    pipelines.end(name, pipelines.start(name, sourceRevisions=[override]))
    assert pipelines.objects(bucket) == {"a.txt": b"1"}


def test_without_extraction_the_artifact_is_the_object_and_variables_are_put_in(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    commit = tree.push_files("First", {"a.txt": "1"})
    key = "#{SourceVariables.BranchName}/#{SourceVariables.CommitId}.zip"
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Deploy", deploy(bucket, Extract="false", ObjectKey=key)),
    )

    assert pipelines.newest_end(name)["status"] == "Succeeded"

    ((found, content),) = pipelines.objects(bucket).items()
    assert found == f"main/{commit}.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("a.txt") == b"1"


def test_a_function_is_given_the_job_and_its_report_ends_the_action(
    pipelines: Pipelines, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    function = pipelines.function(
        f"reports-{uuid.uuid4().hex[:8]}",
        REPORT
        + """
    data = job["data"]
    place = data["inputArtifacts"][0]["location"]["s3Location"]
    keys = data["artifactCredentials"]
    s3 = boto3.client("s3", aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"], aws_session_token=keys["sessionToken"])
    size = s3.head_object(Bucket=place["bucketName"], Key=place["objectKey"])["ContentLength"]
    if "continuationToken" not in data:
        api.put_job_success_result(jobId=job["id"], continuationToken=str(size))
        return
    assert data["continuationToken"] == str(size)
    api.put_job_success_result(jobId=job["id"], executionDetails={"summary": "all seen"},
        outputVariables={"asked": data["actionConfiguration"]["configuration"]["UserParameters"],
                         "account": job["accountId"]})
""",
    )
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Invoke", invoke(function, "branch #{SourceVariables.BranchName}")),
    )

    assert pipelines.newest_end(name)["status"] == "Succeeded"

    assert pipelines.action(name, "Invoke", "Invoke")["summary"] == "all seen"
    (detail, _) = pipelines.api.list_action_executions(pipelineName=name)["actionExecutionDetails"]
    assert detail["output"]["outputVariables"] == {
        "asked": "branch main",
        "account": "000000000000",
    }


@pytest.mark.parametrize(
    ("body", "expected", "message"),
    [
        (
            "api.put_job_failure_result(jobId=job['id'],"
            " failureDetails={'type': 'ConfigurationError', 'message': 'no such table'})",
            "ConfigurationError",
            "no such table",
        ),
        ("raise ValueError('the oven is cold')", "JobFailed", "ValueError: the oven is cold"),
    ],
)
def test_a_failing_function_fails_the_run_with_its_reason_and_a_retry_goes_on(
    pipelines: Pipelines,
    bucket: str,
    repository: str,
    tree: WorkTree,
    body: str,
    expected: str,
    message: str,
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    function = pipelines.function(
        f"fails-{uuid.uuid4().hex[:8]}",
        f"""{REPORT}
    if boto3.client("s3").list_objects_v2(Bucket="{bucket}")["KeyCount"]:
        return api.put_job_success_result(jobId=job["id"]) and None
    {body}
""",
    )
    name = pipelines.create(stage("Source", source(repository)), stage("Invoke", invoke(function)))

    failed = pipelines.newest_end(name)

    assert failed["status"] == "Failed"
    assert message in failed["statusSummary"]
    error = pipelines.action(name, "Invoke", "Invoke")["errorDetails"]
    assert error["code"] == expected
    assert message in error["message"]

    pipelines.s3.put_object(Bucket=bucket, Key="ready")
    again = {"pipelineName": name, "pipelineExecutionId": failed["pipelineExecutionId"]}
    pipelines.api.retry_stage_execution(**again, stageName="Invoke", retryMode="FAILED_ACTIONS")
    assert pipelines.end(name, failed["pipelineExecutionId"])["status"] == "Succeeded"
    details = pipelines.api.list_action_executions(pipelineName=name)["actionExecutionDetails"]
    assert [d["status"] for d in details] == ["Succeeded", "Failed", "Succeeded"]
    with pytest.raises(ClientError) as refused:
        pipelines.api.retry_stage_execution(**again, stageName="Invoke", retryMode="FAILED_ACTIONS")
    assert code(refused) == "StageNotRetryableException"


def test_a_job_is_answered_once_and_an_unknown_one_never(
    pipelines: Pipelines, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    function = pipelines.function(
        f"twice-{uuid.uuid4().hex[:8]}",
        REPORT
        + """
    api.put_job_success_result(jobId=job["id"], executionDetails={"summary": job["id"]})
""",
    )
    name = pipelines.create(stage("Source", source(repository)), stage("Invoke", invoke(function)))
    pipelines.newest_end(name)
    job = pipelines.action(name, "Invoke", "Invoke")["summary"]

    failure = {"type": "JobFailed", "message": "late"}
    with pytest.raises(ClientError) as late:
        pipelines.api.put_job_failure_result(jobId=job, failureDetails=failure)
    with pytest.raises(ClientError) as unknown:
        pipelines.api.put_job_success_result(jobId=str(uuid.uuid4()))

    assert code(late) == "InvalidJobStateException"
    assert code(unknown) == "JobNotFoundException"
    assert pipelines.executions(name)[0]["status"] == "Succeeded"


def test_a_missing_branch_fails_the_source_and_names_it(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository, "release")), stage("Deploy", deploy(bucket))
    )

    ended = pipelines.newest_end(name)

    assert ended["status"] == "Failed"
    error = pipelines.action(name, "Source", "Source")["errorDetails"]
    assert error["code"] == "ConfigurationError"
    assert f"No Branch [release] found for FullRepositoryName [{repository}]" in error["message"]
    assert pipelines.action(name, "Deploy", "Deploy") == {}


def test_a_missing_bucket_fails_the_deployment_with_what_s3_says(
    pipelines: Pipelines, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)), stage("Deploy", deploy("no-such-bucket-here"))
    )

    assert pipelines.newest_end(name)["status"] == "Failed"

    error = pipelines.action(name, "Deploy", "Deploy")["errorDetails"]
    assert error["code"] == "ConfigurationError"
    assert "The specified bucket does not exist" in error["message"]
    assert "no-such-bucket-here" in error["message"]


def test_an_approval_lets_the_run_go_on_and_is_given_once(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Release", approval(runOrder=1), {**deploy(bucket), "runOrder": 2}),
    )
    token = pipelines.token(name, "Release")
    given = {"pipelineName": name, "stageName": "Release", "actionName": "Approve"}
    given["result"] = {"summary": "fine", "status": "Approved"}
    with pytest.raises(ClientError) as wrong:
        pipelines.api.put_approval_result(**given, token=str(uuid.uuid4()))
    assert code(wrong) == "InvalidApprovalTokenException"
    assert pipelines.objects(bucket) == {}

    assert pipelines.api.put_approval_result(**given, token=token)["approvedAt"]

    assert pipelines.newest_end(name)["status"] == "Succeeded"
    assert pipelines.objects(bucket) == {"a.txt": b"1"}
    with pytest.raises(ClientError) as twice:
        pipelines.api.put_approval_result(**given, token=token)
    assert code(twice) == "ApprovalAlreadyCompletedException"


def test_a_rejected_approval_fails_the_run_with_the_summary(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Release", approval()),
        stage("Deploy", deploy(bucket)),
    )

    pipelines.answer(name, "Release", "Rejected", "not on a Friday")

    ended = pipelines.newest_end(name)
    assert ended["status"] == "Failed"
    assert "not on a Friday" in ended["statusSummary"]
    assert pipelines.objects(bucket) == {}


def test_a_run_is_stopped_at_once_or_after_its_action(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Release", approval()),
        stage("Deploy", deploy(bucket)),
    )
    pipelines.token(name, "Release")
    first = pipelines.executions(name)[0]["pipelineExecutionId"]
    stop = {"pipelineName": name, "reason": "a mistake"}

    pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=first, abandon=True)
    assert pipelines.end(name, first)["status"] == "Stopped"
    assert pipelines.action(name, "Release", "Approve")["status"] == "Abandoned"
    with pytest.raises(ClientError) as ended:
        pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=first)
    assert code(ended) == "PipelineExecutionNotStoppableException"

    second = pipelines.start(name)
    pipelines.token(name, "Release")
    pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=second)
    assert pipelines.execution(name, second)["status"] == "Stopping"
    with pytest.raises(ClientError) as again:
        pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=second)
    assert code(again) == "DuplicatedStopRequestException"
    pipelines.answer(name, "Release", "Approved")
    assert pipelines.end(name, second)["status"] == "Stopped"
    assert pipelines.executions(name)[0]["stopTrigger"] == {"reason": "a mistake"}
    assert pipelines.objects(bucket) == {}


def test_the_newest_waiting_run_supersedes_the_others_and_a_repeated_token_starts_none(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Release", approval()),
        stage("Deploy", deploy(bucket)),
    )
    pipelines.token(name, "Release")
    first = pipelines.executions(name)[0]["pipelineExecutionId"]
    second, third = pipelines.start(name), pipelines.start(name, clientRequestToken="once")
    assert pipelines.start(name, clientRequestToken="once") == third

    assert pipelines.end(name, second)["status"] == "Superseded"
    state = pipelines.api.get_pipeline_state(name=name)["stageStates"][1]
    assert state["latestExecution"]["pipelineExecutionId"] == first
    until(
        lambda: pipelines.api.get_pipeline_state(name=name)["stageStates"][1],
        lambda found: found.get("inboundExecution", {}).get("pipelineExecutionId") == third,
    )
    pipelines.answer(name, "Release", "Approved")
    assert pipelines.end(name, first)["status"] == "Succeeded"
    until(
        lambda: pipelines.api.get_pipeline_state(name=name)["stageStates"][1]["latestExecution"],
        lambda found: found["pipelineExecutionId"] == third,
    )
    pipelines.answer(name, "Release", "Approved")
    assert pipelines.end(name, third)["status"] == "Succeeded"
    assert len(pipelines.executions(name)) == 3


def test_queued_runs_all_go_in_their_order(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Deploy", deploy(bucket)),
        pipelineType="V2",
        executionMode="QUEUED",
    )

    started = [pipelines.start(name) for _ in range(3)]

    assert {pipelines.end(name, one)["status"] for one in started} == {"Succeeded"}


def test_a_disabled_transition_holds_a_run_back(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    pipelines.newest_end(name)
    where = {"pipelineName": name, "stageName": "Deploy", "transitionType": "Inbound"}
    pipelines.api.disable_stage_transition(**where, reason="frozen")
    tree.push_files("First", {"a.txt": "1"})

    state = until(
        lambda: pipelines.api.get_pipeline_state(name=name)["stageStates"][1],
        lambda found: "inboundExecution" in found,
    )
    assert state["inboundTransitionState"]["disabledReason"] == "frozen"
    assert pipelines.objects(bucket) == {}

    pipelines.api.enable_stage_transition(**where)
    assert pipelines.newest_end(name, 2)["status"] == "Succeeded"
    assert pipelines.objects(bucket) == {"a.txt": b"1"}


def test_versions_are_kept_and_an_update_counts_them(
    pipelines: Pipelines, bucket: str, repository: str
) -> None:
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    changed = declaration(
        name, stage("Source", source(repository)), stage("Ship", deploy(bucket)), version=7
    )

    assert pipelines.api.update_pipeline(pipeline=changed)["pipeline"]["version"] == 2

    found = pipelines.api.get_pipeline(name=name)
    assert [s["name"] for s in found["pipeline"]["stages"]] == ["Source", "Ship"]
    assert found["metadata"]["pipelineArn"] == f"arn:aws:codepipeline:us-east-1:000000000000:{name}"
    old = pipelines.api.get_pipeline(name=name, version=1)["pipeline"]
    assert [s["name"] for s in old["stages"]] == ["Source", "Deploy"]
    with pytest.raises(ClientError) as error:
        pipelines.api.get_pipeline(name=name, version=3)
    assert code(error) == "PipelineVersionNotFoundException"


def test_what_does_not_exist_is_named(pipelines: Pipelines, bucket: str, repository: str) -> None:
    api = pipelines.api
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    nobody = str(uuid.uuid4())
    execution = {"pipelineName": name, "pipelineExecutionId": nobody}
    transition = {"pipelineName": name, "stageName": "None", "transitionType": "Inbound"}
    result = {"summary": "", "status": "Approved"}
    refusals = [
        ("PipelineNotFoundException", lambda: api.get_pipeline(name="nobody")),
        ("PipelineNotFoundException", lambda: api.start_pipeline_execution(name="nobody")),
        ("PipelineNotFoundException", lambda: api.get_pipeline_state(name="nobody")),
        ("PipelineExecutionNotFoundException", lambda: api.get_pipeline_execution(**execution)),
        ("StageNotFoundException", lambda: api.enable_stage_transition(**transition)),
        (
            "ActionNotFoundException",
            lambda: api.put_approval_result(
                pipelineName=name, stageName="Deploy", actionName="x", result=result, token=nobody
            ),
        ),
        ("InvalidNextTokenException", lambda: api.list_pipelines(nextToken="x")),
        (
            "ValidationException",
            lambda: api.list_pipeline_executions(pipelineName=name, maxResults=101),
        ),
        ("InvalidArnException", lambda: api.list_tags_for_resource(resourceArn="arn:x")),
        (
            "PipelineNameInUseException",
            lambda: api.create_pipeline(
                pipeline=declaration(
                    name, stage("Source", source(repository)), stage("Deploy", deploy(bucket))
                )
            ),
        ),
    ]
    for expected, call in refusals:
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == expected
    assert api.delete_pipeline(name="nobody")


def test_a_structure_that_cannot_run_is_refused_and_nothing_is_made(
    pipelines: Pipelines, repository: str
) -> None:
    name = f"refused-{uuid.uuid4().hex[:8]}"
    build = action("Build", "CodeBuild", "Build", configuration={"ProjectName": "p"})

    with pytest.raises(ClientError) as alone:
        pipelines.api.create_pipeline(pipeline=declaration(name, stage("S", source(repository))))
    with pytest.raises(ClientError) as built:
        pipelines.api.create_pipeline(
            pipeline=declaration(name, stage("S", source(repository)), stage("B", build))
        )
    with pytest.raises(ClientError) as role:
        whole = declaration(name, stage("S", source(repository)), stage("A", approval()))
        stranger = "arn:aws:iam::000000000000:role/nobody"
        pipelines.api.create_pipeline(pipeline={**whole, "roleArn": stranger})

    assert code(alone) == "InvalidStructureException"
    assert code(built) == "InvalidActionDeclarationException"
    assert "Deploy/S3" in built.value.response["Error"]["Message"]
    assert code(role) == "InvalidStructureException"
    assert name not in [p["name"] for p in pipelines.api.list_pipelines()["pipelines"]]


def test_a_deleted_pipeline_takes_its_runs_with_it(
    pipelines: Pipelines, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    stages = (stage("Source", source(repository)), stage("Release", approval()))
    name = pipelines.create(*stages)
    pipelines.token(name, "Release")

    pipelines.api.delete_pipeline(name=name)
    pipelines.api.create_pipeline(pipeline=declaration(name, *stages))
    pipelines.token(name, "Release")

    assert len(pipelines.executions(name)) == 1


def test_tags_are_set_changed_and_removed(
    pipelines: Pipelines, bucket: str, repository: str
) -> None:
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    arn = pipelines.api.get_pipeline(name=name)["metadata"]["pipelineArn"]

    pipelines.api.tag_resource(
        resourceArn=arn, tags=[{"key": "project", "value": "6"}, {"key": "a", "value": "b"}]
    )
    pipelines.api.untag_resource(resourceArn=arn, tagKeys=["a"])

    tags = pipelines.api.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "project", "value": "6"}]


def test_a_repository_is_cloned_as_it_was_pushed_and_no_path_leads_out(
    edge: Any, repository: str, tree: WorkTree, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 8192  # 2 MiB: git sends it in chunks
    tree.push_files("Large", {"deep/er/large.bin": content})

    tree.git("clone", "--quiet", f"{edge.url}/_git/{repository}.git", str(tmp_path / "clone"))

    assert (tmp_path / "clone/deep/er/large.bin").read_bytes() == content
    for path in ("acme/none", "a/../../b", "..%2F..%2Fetc/x"):
        answer = requests.get(
            f"{edge.url}/_git/{path}.git/info/refs?service=git-upload-pack", timeout=10
        )
        assert answer.status_code == 404
