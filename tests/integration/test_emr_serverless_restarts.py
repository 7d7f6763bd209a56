"""EMR Serverless while jobs run: their output, restarts of the edge and of the Spark service."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.process_stack import ProcessStack
from tests.support.state_machines import until

BUCKET = "restart-tests"
ROLE = "arn:aws:iam::000000000000:role/emr"
ENDED = ("SUCCESS", "FAILED", "CANCELLED")
LOGS = {"monitoringConfiguration": {"cloudWatchLoggingConfiguration": {"enabled": True}}}


@pytest.fixture(scope="module")
def stack(processes) -> ProcessStack:
    processes.client("s3").create_bucket(Bucket=BUCKET)
    return processes


class JobRun:
    """A run of `script`, in an application of its own."""

    def __init__(self, stack: ProcessStack, script: str) -> None:
        self._stack = stack
        key = f"{uuid.uuid4().hex}.py"
        stack.client("s3").put_object(Bucket=BUCKET, Key=key, Body=script.encode())
        emr = stack.client("emr-serverless")
        made = emr.create_application(releaseLabel="emr-7.12.0", type="SPARK")
        started = emr.start_job_run(
            applicationId=made["applicationId"],
            executionRoleArn=ROLE,
            jobDriver={"sparkSubmit": {"entryPoint": f"s3://{BUCKET}/{key}"}},
            configurationOverrides=LOGS,
        )
        self.known = {name: started[name] for name in ("applicationId", "jobRunId")}

    def get(self) -> dict[str, Any]:
        return dict(self._stack.client("emr-serverless").get_job_run(**self.known)["jobRun"])

    def until(self, good: Callable[[str], bool]) -> dict[str, Any]:
        return dict(until(self.get, lambda run: good(run["state"]), 60))

    def stdout(self) -> list[str]:
        logs = self._stack.client("logs")
        stream = "/applications/{applicationId}/jobs/{jobRunId}/SPARK_DRIVER/stdout"
        try:
            found = logs.get_log_events(
                logGroupName="/aws/emr-serverless", logStreamName=stream.format(**self.known)
            )
        except logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"] for event in found["events"]]


def test_the_output_of_a_running_job_is_in_cloudwatch_before_it_ends(stack):
    run = JobRun(stack, "import time\nprint('begun', flush=True)\ntime.sleep(600)")
    until(run.stdout, lambda found: found == ["begun"], 30)
    assert run.get()["state"] == "RUNNING"
    stack.client("emr-serverless").cancel_job_run(**run.known)
    assert run.until(lambda state: state in ENDED)["state"] == "CANCELLED"


def test_a_job_outlives_a_restart_of_the_edge_and_its_end_is_known_afterwards(stack, tmp_path):
    script = (
        "import os, time\nprint('begun', flush=True)\n"
        f"while not os.path.exists({str(tmp_path / 'end')!r}):\n    time.sleep(0.1)\n"
        "print('over')"
    )
    run = JobRun(stack, script)
    begun, since = run.until(lambda state: state == "RUNNING"), time.monotonic()
    stack.stop("edge")
    stack.start_edge()
    seconds = time.monotonic() - since
    (tmp_path / "end").touch()
    ended = run.until(lambda state: state in ENDED)
    assert ended["state"] == "SUCCESS", ended["stateDetails"]
    assert ended["startedAt"] == begun["startedAt"]
    assert ended["totalExecutionDurationSeconds"] >= int(seconds)
    assert run.stdout() == ["begun", "over"]


def test_a_run_that_the_spark_service_lost_has_failed_and_is_not_run_again(stack):
    run = JobRun(stack, "import time\ntime.sleep(600)")
    run.until(lambda state: state == "RUNNING")
    stack.stop("spark")
    stack.start_spark()
    ended = run.until(lambda state: state in ENDED)
    assert ended["state"] == "FAILED"
    assert f"no run {run.known['jobRunId']}" in ended["stateDetails"]


def test_without_the_spark_service_a_run_fails_with_the_cause_and_the_application_stops(stack):
    stack.stop("spark")
    run = JobRun(stack, "print('never')")
    ended = run.until(lambda state: state in ENDED)
    assert ended["state"] == "FAILED"
    assert "cannot be reached" in ended["stateDetails"]
    emr = stack.client("emr-serverless")
    known = {"applicationId": run.known["applicationId"]}
    application = emr.get_application(**known)["application"]
    assert application["state"] == "STOPPED"
    assert "cannot be reached" in application["stateDetails"]
    stack.start_spark()
    emr.start_application(**known)
    until(lambda: emr.get_application(**known)["application"]["state"], "STARTED".__eq__, 15)
