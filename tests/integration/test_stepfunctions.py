"""Step Functions on a live edge: `.sync` tasks run processes, fail, are retried and stopped."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.process_stack import ProcessStack
from tests.support.state_machines import ROLE, Machine, State, emr, glue, task, until

BUCKET = "stepfunctions-scripts"
SUCCEEDS = "print('done')"
FAILS = "raise ValueError('the ledger does not balance')"
NEVER_ENDS = "import time\nprint('begun', flush=True)\ntime.sleep(600)"
RETRY_ONCE = {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 1}


@pytest.fixture(scope="module")
def edge(processes: ProcessStack) -> ProcessStack:
    return processes


@pytest.fixture(scope="module")
def scripts(edge: Any) -> Callable[[str], str]:
    s3 = edge.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    def put(script: str) -> str:
        key = f"{uuid.uuid4().hex}.py"
        s3.put_object(Bucket=BUCKET, Key=key, Body=script.encode())
        return f"s3://{BUCKET}/{key}"

    return put


@pytest.fixture
def glue_job(edge: Any, scripts: Callable[[str], str]) -> Callable[[str], str]:
    def make(script: str) -> str:
        name = f"job-{uuid.uuid4().hex[:8]}"
        command = {"Name": "glueetl", "ScriptLocation": scripts(script)}
        edge.client("glue").create_job(Name=name, Role=ROLE, Command=command)
        return name

    return make


@pytest.fixture(scope="module")
def application(edge: Any) -> str:
    created = edge.client("emr-serverless").create_application(
        name="stepfunctions", type="SPARK", releaseLabel="emr-7.5.0"
    )
    return str(created["applicationId"])


@pytest.fixture
def emr_task(application: str, scripts: Callable[[str], str]) -> Callable[[str], State]:
    def state(script: str) -> State:
        return emr(
            "startJobRun.sync",
            ApplicationId=application,
            ExecutionRoleArn=ROLE,
            Name="from-step-functions",
            JobDriver={"SparkSubmit": {"EntryPoint": scripts(script)}},
            ConfigurationOverrides={
                "ApplicationConfiguration": [
                    {
                        "Classification": "spark-defaults",
                        "Properties": {"spark.sql.shuffle.partitions": "2"},
                    }
                ]
            },
        )

    return state


@pytest.fixture
def machine(edge: Any) -> Callable[..., Machine]:
    return lambda **states: Machine(edge.client("stepfunctions"), states)


def glue_states(edge: Any, job: str) -> list[str]:
    runs = edge.client("glue").get_job_runs(JobName=job)["JobRuns"]
    return [run["JobRunState"] for run in runs]


def test_a_glue_job_run_is_waited_for_and_is_the_tasks_output(machine, glue_job):
    job = glue_job(SUCCEEDS)
    done = machine(Job=glue(job)).run()
    assert done["status"] == "SUCCEEDED", done
    output = json.loads(done["output"])
    assert (output["JobName"], output["JobRunState"]) == (job, "SUCCEEDED")


def test_a_failed_glue_job_is_run_again_before_its_error_is_caught(edge, machine, glue_job):
    job = glue_job(FAILS)
    catch = {"ErrorEquals": ["States.TaskFailed"], "Next": "Caught"}
    failing = {**glue(job), "Retry": [RETRY_ONCE], "Catch": [catch]}
    done = machine(Job=failing, Caught={"Type": "Pass", "End": True}).run()
    assert done["status"] == "SUCCEEDED", done
    caught = json.loads(done["output"])
    assert caught["Error"] == "States.TaskFailed"
    assert "the ledger does not balance" in json.loads(caught["Cause"])["ErrorMessage"]
    assert glue_states(edge, job) == ["FAILED", "FAILED"]


def test_stopping_an_execution_stops_its_glue_job_run(edge, machine, glue_job):
    job = glue_job(NEVER_ENDS)
    stopped = machine(Job=glue(job))
    execution = stopped.start()
    until(lambda: glue_states(edge, job), lambda found: found == ["RUNNING"])
    edge.client("stepfunctions").stop_execution(executionArn=execution)
    assert stopped.end(execution)["status"] == "ABORTED"
    until(lambda: glue_states(edge, job), lambda found: found == ["STOPPED"], 20)
    assert stopped.events(execution)[-2:] == ["TaskSubmitted", "ExecutionAborted"]


def test_a_glue_task_that_times_out_stops_its_job_run(edge, machine, glue_job):
    job = glue_job(NEVER_ENDS)
    done = machine(Job={**glue(job), "TimeoutSeconds": 3}).run()
    assert (done["status"], done["error"]) == ("FAILED", "States.Timeout")
    until(lambda: glue_states(edge, job), lambda found: found == ["STOPPED"], 20)


def test_a_failed_branch_fails_the_parallel_state_and_stops_the_other(edge, machine, glue_job):
    fails, goes_on = glue_job(FAILS), glue_job(NEVER_ENDS)
    branches = [{"StartAt": job, "States": {job: glue(job)}} for job in (fails, goes_on)]
    done = machine(Both={"Type": "Parallel", "Branches": branches, "End": True}).run()
    assert (done["status"], done["error"]) == ("FAILED", "States.TaskFailed")
    assert json.loads(done["cause"])["JobName"] == fails
    until(lambda: glue_states(edge, goes_on), lambda found: found == ["STOPPED"], 20)


def test_an_unknown_glue_job_is_an_error_of_glue(machine):
    done = machine(Job=glue("no-such-job")).run()
    assert (done["status"], done["error"]) == ("FAILED", "Glue.EntityNotFoundException")


def test_a_spark_job_run_is_waited_for_and_is_the_tasks_output(edge, machine, emr_task):
    done = machine(Job=emr_task(SUCCEEDS)).run()
    assert done["status"] == "SUCCEEDED", done
    output = json.loads(done["output"])
    ids = {"applicationId": output["ApplicationId"], "jobRunId": output["JobRunId"]}
    run = edge.client("emr-serverless").get_job_run(**ids)["jobRun"]
    assert (output["State"], run["state"]) == ("SUCCESS", "SUCCESS")
    assert (output["Arn"], output["Name"]) == (run["arn"], "from-step-functions")
    properties = output["ConfigurationOverrides"]["ApplicationConfiguration"][0]["Properties"]
    assert properties == {"spark.sql.shuffle.partitions": "2"}


def test_a_failed_spark_job_is_run_again_and_its_run_is_the_cause(
    edge, machine, emr_task, application
):
    before = _emr_states(edge, application)
    done = machine(Job={**emr_task(FAILS), "Retry": [RETRY_ONCE]}).run()
    assert (done["status"], done["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(done["cause"])
    assert (cause["ApplicationId"], cause["State"]) == (application, "FAILED")
    assert "the ledger does not balance" in cause["StateDetails"]
    after = _emr_states(edge, application)
    assert sorted(after) == sorted([*before, "FAILED", "FAILED"])


def test_stopping_an_execution_cancels_its_spark_job_run(edge, machine, emr_task, application):
    known = len(_emr_states(edge, application))
    stopped = machine(Job=emr_task(NEVER_ENDS))
    execution = stopped.start()
    until(lambda: len(_emr_states(edge, application)), lambda found: found == known + 1)
    edge.client("stepfunctions").stop_execution(executionArn=execution)
    assert stopped.end(execution)["status"] == "ABORTED"
    until(lambda: _emr_states(edge, application)[0], lambda found: found == "CANCELLED", 20)


def test_an_unknown_application_is_an_error_of_emr_serverless(machine, emr_task):
    state = emr_task(SUCCEEDS)
    state["Parameters"]["ApplicationId"] = "00nosuchapp00000"
    done = machine(Job=state).run()
    assert (done["status"], done["error"]) == ("FAILED", "EMRServerless.ResourceNotFoundException")


def test_an_application_is_created_started_stopped_and_deleted(edge, machine):
    created = emr(
        "createApplication.sync",
        Name="short-lived",
        Type="SPARK",
        ReleaseLabel="emr-7.5.0",
        ClientToken=uuid.uuid4().hex,
        InitialCapacity={
            "DRIVER": {
                "WorkerCount": 1,
                "WorkerConfiguration": {"Cpu": "1vCPU", "Memory": "2GB"},
            }
        },
    )
    application = json.loads(machine(Create=created).run()["output"])["ApplicationId"]
    client = edge.client("emr-serverless")
    found = client.get_application(applicationId=application)["application"]
    assert found["state"] == "CREATED"
    assert found["initialCapacity"]["DRIVER"]["workerConfiguration"]["cpu"] == "1vCPU"
    ends = {"startApplication": "STARTED", "stopApplication": "STOPPED"}
    for action, end in {**ends, "deleteApplication": "TERMINATED"}.items():
        done = machine(Change=emr(f"{action}.sync", ApplicationId=application)).run()
        assert json.loads(done["output"]) == {"ApplicationId": application}
        assert client.get_application(applicationId=application)["application"]["state"] == end


def test_a_task_token_is_refused_where_the_service_has_none(edge, machine):
    states = edge.client("stepfunctions")
    with pytest.raises(states.exceptions.InvalidDefinition, match="waitForTaskToken"):
        machine(Job=task("glue:startJobRun.waitForTaskToken", {"JobName": "any"}))


def _emr_states(edge: Any, application: str) -> list[str]:
    found = edge.client("emr-serverless").list_job_runs(applicationId=application)["jobRuns"]
    newest_first = sorted(found, key=lambda run: run["createdAt"], reverse=True)
    return [run["state"] for run in newest_first]
