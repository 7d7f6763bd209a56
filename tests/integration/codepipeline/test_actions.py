"""Actions of pipelines by boto3 and an ordinary git client: every kind, and how it can end."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

import pytest
from botocore.exceptions import ClientError

from tests.support.errors import code
from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines, approval, deploy, invoke, source, stage

REPORT = """
import boto3
def handler(event, context):
    job = event["CodePipeline.job"]
    api = boto3.client("codepipeline")
"""


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
    pipelines: Pipelines, bucket: str, held: str
) -> None:
    pipelines.answer(held, "Release", "Rejected", "not on a Friday")

    ended = pipelines.newest_end(held)
    assert ended["status"] == "Failed"
    assert "not on a Friday" in ended["statusSummary"]
    assert pipelines.objects(bucket) == {}
