"""EMR Serverless on a live edge over plain processes: applications, runs, retries, refusals."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.process_stack import ProcessStack

BUCKET = "emr-serverless-tests"
ROLE = "arn:aws:iam::000000000000:role/emr"
ENDED = ("SUCCESS", "FAILED", "CANCELLED")
LOG_GROUP = "/aws/emr-serverless"


@pytest.fixture(scope="module")
def emr(processes: ProcessStack) -> Any:
    return processes.client("emr-serverless")


@pytest.fixture(scope="module")
def s3(processes: ProcessStack) -> Any:
    client = processes.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def application(emr: Any) -> str:
    made = emr.create_application(name="test", releaseLabel="emr-7.12.0", type="spark")
    return str(made["applicationId"])


@pytest.fixture
def start(emr: Any, s3: Any, application: str) -> Any:
    def start(script: str, *arguments: str, **settings: Any) -> str:
        key = f"code/{uuid.uuid4().hex}.py"
        s3.put_object(Bucket=BUCKET, Key=key, Body=script.encode())
        driver = {"entryPoint": f"s3://{BUCKET}/{key}", "entryPointArguments": list(arguments)}
        started = emr.start_job_run(
            applicationId=application,
            executionRoleArn=ROLE,
            jobDriver={"sparkSubmit": driver},
            **settings,
        )
        return str(started["jobRunId"])

    return start


def until(emr: Any, application: str, run: str, states: tuple[str, ...] = ENDED) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while True:
        found: dict[str, Any] = emr.get_job_run(applicationId=application, jobRunId=run)["jobRun"]
        if found["state"] in states:
            return found
        assert found["state"] not in ENDED, f"{found['state']}: {found['stateDetails']}"
        assert time.monotonic() < deadline, f"still {found['state']}, expected {states}"
        time.sleep(0.1)


def state_of(emr: Any, application: str) -> str:
    return str(emr.get_application(applicationId=application)["application"]["state"])


def logged(processes: ProcessStack, stream: str) -> list[str]:
    found = processes.client("logs").get_log_events(logGroupName=LOG_GROUP, logStreamName=stream)
    return [event["message"] for event in found["events"]]


def test_an_application_is_created_described_and_listed(emr: Any) -> None:
    tags = {"team": "data", "aws:cloudformation:stack-name": "project6"}
    made = emr.create_application(
        name="silver", releaseLabel="emr-6.6.0", type="SPARK", tags=tags, clientToken="once"
    )
    again = emr.create_application(
        name="silver", releaseLabel="emr-6.6.0", type="SPARK", tags=tags, clientToken="once"
    )
    assert again["applicationId"] == made["applicationId"]
    found = emr.get_application(applicationId=made["applicationId"])["application"]
    assert found["state"] == "CREATED"
    assert found["type"] == "Spark"
    assert found["tags"] == tags
    assert found["architecture"] == "X86_64"
    assert found["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 15}
    assert found["arn"] == (
        f"arn:aws:emr-serverless:us-east-1:000000000000:/applications/{made['applicationId']}"
    )
    pages = emr.get_paginator("list_applications").paginate()
    assert made["applicationId"] in [one["id"] for page in pages for one in page["applications"]]
    with pytest.raises(ClientError, match="ConflictException"):
        emr.create_application(releaseLabel="emr-7.0.0", type="SPARK", clientToken="once")


def test_a_started_application_is_changed_and_deleted_only_after_it_stopped(
    emr: Any, application: str
) -> None:
    known = {"applicationId": application}
    emr.start_application(**known)
    deadline = time.monotonic() + 15
    while state_of(emr, application) != "STARTED":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    refusal = r"\[CREATED, STOPPED\]. Current status: STARTED"
    with pytest.raises(ClientError, match=refusal):
        emr.delete_application(**known)
    with pytest.raises(ClientError, match=refusal):
        emr.update_application(**known, releaseLabel="emr-7.1.0")
    emr.stop_application(**known)
    assert state_of(emr, application) == "STOPPED"
    changed = emr.update_application(**known, releaseLabel="emr-7.1.0")["application"]
    assert changed["releaseLabel"] == "emr-7.1.0"
    emr.delete_application(**known)
    assert state_of(emr, application) == "TERMINATED"
    pages = emr.get_paginator("list_applications").paginate()
    assert application not in [one["id"] for page in pages for one in page["applications"]]


def test_tags_are_added_and_removed(emr: Any, application: str) -> None:
    arn = emr.get_application(applicationId=application)["application"]["arn"]
    emr.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    emr.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert emr.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


def test_another_region_does_not_see_the_application(
    processes: ProcessStack, application: str
) -> None:
    elsewhere = processes.client("emr-serverless", region="eu-west-1")
    with pytest.raises(ClientError, match=f"Application {application} does not exist"):
        elsewhere.get_application(applicationId=application)


def test_a_failed_job_is_tried_again_and_names_its_last_exception(
    processes: ProcessStack, emr: Any, application: str, start: Any
) -> None:
    run = start(
        "print('trying')\nraise ValueError('seven')",
        retryPolicy={"maxAttempts": 2},
        configurationOverrides={
            "monitoringConfiguration": {"cloudWatchLoggingConfiguration": {"enabled": True}}
        },
    )
    found = until(emr, application, run)
    assert found["state"] == "FAILED"
    assert found["attempt"] == 2
    assert found["stateDetails"].startswith(
        "Job failed, please check complete logs in configured logging destination."
        " ExitCode: 1. Last few exceptions: "
    )
    assert "ValueError: seven" in found["stateDetails"]
    known = {"applicationId": application, "jobRunId": run}
    attempts = emr.list_job_run_attempts(**known)["jobRunAttempts"]
    assert [(one["attempt"], one["state"]) for one in attempts] == [(2, "FAILED"), (1, "FAILED")]
    assert emr.get_job_run(**known, attempt=1)["jobRun"]["attempt"] == 1
    place = f"/applications/{application}/jobs/{run}"
    assert logged(processes, f"{place}/SPARK_DRIVER/stdout") == ["trying"]
    assert logged(processes, f"{place}/attempts/2/SPARK_DRIVER/stdout") == ["trying"]


def test_a_running_job_is_cancelled_and_keeps_the_application_from_stopping(
    emr: Any, application: str, start: Any
) -> None:
    run = start("import time; time.sleep(300)", clientToken="sleeper")
    known = {"applicationId": application, "jobRunId": run}
    until(emr, application, run, ("RUNNING",))
    with pytest.raises(ClientError, match="1 job run"):
        emr.stop_application(applicationId=application)
    emr.cancel_job_run(**known)
    found = until(emr, application, run)
    assert found["state"] == "CANCELLED"
    assert found["stateDetails"] == "The job run was cancelled on request"
    with pytest.raises(ClientError, match="Current status: CANCELLED"):
        emr.cancel_job_run(**known)
    emr.stop_application(applicationId=application)
    listed = emr.list_job_runs(applicationId=application, states=["CANCELLED"])["jobRuns"]
    assert [one["id"] for one in listed] == [run]
    assert emr.list_job_runs(applicationId=application, states=["SUCCESS"])["jobRuns"] == []


def test_a_job_cancelled_at_once_ends_as_cancelled(emr: Any, application: str, start: Any) -> None:
    run = start("import time; time.sleep(300)", tags={"team": "data"})
    emr.cancel_job_run(applicationId=application, jobRunId=run)
    found = until(emr, application, run)
    assert (found["state"], found["tags"]) == ("CANCELLED", {"team": "data"})
    emr.untag_resource(resourceArn=found["arn"], tagKeys=["team"])
    assert emr.list_tags_for_resource(resourceArn=found["arn"])["tags"] == {}


def test_a_job_whose_script_and_log_bucket_are_missing_fails_and_says_both(
    emr: Any, application: str
) -> None:
    run = emr.start_job_run(
        applicationId=application,
        executionRoleArn=ROLE,
        jobDriver={"sparkSubmit": {"entryPoint": "s3://no-such-bucket-here/job.py"}},
        configurationOverrides={
            "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": "s3://no-logs/"}}
        },
    )["jobRunId"]
    found = until(emr, application, run)
    assert found["state"] == "FAILED"
    assert "no-such-bucket-here" in found["stateDetails"]
    assert "stdout was not written to s3" in found["stateDetails"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"jobDriver": {"hive": {"query": "SELECT 1"}}}, "only Spark runs here"),
        (
            {"jobDriver": {"sparkSubmit": {"entryPoint": "s3://b/k.py",
             "sparkSubmitParameters": "--conf spark.master=local"}}},
            "Option 'spark.master' is not supported",
        ),
        (
            {"jobDriver": {"sparkSubmit": {"entryPoint": "s3://b/k.py",
             "sparkSubmitParameters": "--packages org.example:a:1"}}},
            "Option 'spark.jars.packages' is not available here",
        ),
        (
            {"configurationOverrides": {"applicationConfiguration": [
                {"classification": "spark-defaults",
                 "properties": {"spark.archives": "s3://b/env.rar"}}]}},
            "expected an archive",
        ),
        ({"executionRoleArn": "arn:aws:iam::111111111111:role/emr"}, "Cross-account pass role"),
        (
            {"configurationOverrides": {
                "applicationConfiguration": [{"classification": "spark-hive-site"}]}},
            "Unknown configuration overrides classification: spark-hive-site",
        ),
    ],
)  # fmt: skip
def test_a_submission_that_cannot_run_is_refused_and_starts_nothing(
    emr: Any, application: str, settings: dict[str, Any], message: str
) -> None:
    request = {
        "applicationId": application,
        "executionRoleArn": ROLE,
        "jobDriver": {"sparkSubmit": {"entryPoint": "s3://b/k.py"}},
        **settings,
    }
    with pytest.raises(ClientError, match=message):
        emr.start_job_run(**request)
    assert state_of(emr, application) == "CREATED"
    assert emr.list_job_runs(applicationId=application)["jobRuns"] == []
