"""Glue jobs on a live edge over plain processes: their scripts run, and their end is answered."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.process_stack import ProcessStack

BUCKET = "glue-job-scripts"
ENDED = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT")


@pytest.fixture
def s3(processes: ProcessStack) -> Any:
    client = processes.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def glue(processes: ProcessStack) -> Any:
    return processes.client("glue")


@pytest.fixture
def make_job(glue: Any, s3: Any) -> Iterator[Any]:
    made: list[str] = []

    def make(script: str, **settings: Any) -> str:
        name = f"job-{uuid.uuid4().hex[:8]}"
        s3.put_object(Bucket=BUCKET, Key=f"{name}.py", Body=script.encode())
        glue.create_job(
            Name=name,
            Role="arn:aws:iam::000000000000:role/glue",
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/{name}.py"},
            WorkerType="G.1X",
            NumberOfWorkers=2,
            **settings,
        )
        made.append(name)
        return name

    yield make
    for name in made:
        glue.delete_job(JobName=name)


def _until(glue: Any, job: str, run: str, states: tuple[str, ...] = ENDED) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        found: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run)["JobRun"]
        if found["JobRunState"] in states:
            return found
        assert time.monotonic() < deadline, f"still {found['JobRunState']}, expected {states}"
        time.sleep(0.2)


def _messages(processes: ProcessStack, group: str, stream: str) -> str:
    logs = processes.client("logs")
    events = logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]
    return "\n".join(event["message"] for event in events)


def test_a_script_gets_its_arguments_and_its_output_is_in_the_job_log_groups(
    processes: ProcessStack, glue: Any, make_job: Any
) -> None:
    job = make_job(
        "import sys\nprint('given', *sys.argv[1:])\nprint('careful', file=sys.stderr)\n",
        DefaultArguments={"--DAY": "2026-01-14", "--job-language": "python"},
    )

    run = glue.start_job_run(JobName=job, Arguments={"--DAY": "2026-01-15"})["JobRunId"]
    ended = _until(glue, job, run)

    assert ended["JobRunState"] == "SUCCEEDED"
    assert ended["LogGroupName"] == "/aws-glue/jobs"
    assert run.startswith("jr_") and len(run) == 67
    given = _messages(processes, "/aws-glue/jobs/output", run)
    assert given.split() == ["given", "--JOB_NAME", job, "--JOB_RUN_ID", run, "--DAY", "2026-01-15"]
    assert "careful" in _messages(processes, "/aws-glue/jobs/error", run)


def test_a_script_that_raises_fails_its_run_with_the_exception(glue: Any, make_job: Any) -> None:
    job = make_job("raise ValueError('the index names no file')\n")

    ended = _until(glue, job, glue.start_job_run(JobName=job)["JobRunId"])

    assert ended["JobRunState"] == "FAILED"
    assert "ValueError: the index names no file" in ended["ErrorMessage"]


def test_a_missing_script_fails_its_run_and_names_it(glue: Any, make_job: Any, s3: Any) -> None:
    job = make_job("")
    s3.delete_object(Bucket=BUCKET, Key=f"{job}.py")

    ended = _until(glue, job, glue.start_job_run(JobName=job)["JobRunId"])

    assert ended["JobRunState"] == "FAILED"
    assert ended["ErrorMessage"]


def test_a_second_run_is_refused_while_one_runs_and_taken_after_it_was_stopped(
    glue: Any, make_job: Any
) -> None:
    job = make_job("import time\ntime.sleep(300)\n")
    first = glue.start_job_run(JobName=job)["JobRunId"]
    _until(glue, job, first, ("RUNNING",))

    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException):
        glue.start_job_run(JobName=job)
    stopped = glue.batch_stop_job_run(JobName=job, JobRunIds=[first, "jr_unknown"])

    assert stopped["SuccessfulSubmissions"] == [{"JobName": job, "JobRunId": first}]
    assert [e["ErrorDetail"]["ErrorCode"] for e in stopped["Errors"]] == ["EntityNotFoundException"]
    assert _until(glue, job, first)["JobRunState"] == "STOPPED"
    second = glue.start_job_run(JobName=job)["JobRunId"]
    assert [r["Id"] for r in glue.get_job_runs(JobName=job)["JobRuns"]] == [second, first]


def test_a_failed_run_is_tried_again_as_often_as_the_job_says(glue: Any, make_job: Any) -> None:
    job = make_job("raise SystemExit(3)\n", MaxRetries=1)
    first = glue.start_job_run(JobName=job)["JobRunId"]
    _until(glue, job, first)

    again = _until(glue, job, f"{first}_attempt_1")

    assert again["JobRunState"] == "FAILED"
    assert again["PreviousRunId"] == first
    assert len(glue.get_job_runs(JobName=job)["JobRuns"]) == 2


def test_a_job_is_changed_listed_by_tag_and_deleted(glue: Any, make_job: Any) -> None:
    job = make_job("", Tags={"project": "6"}, Timeout=10)
    arn = f"arn:aws:glue:us-east-1:000000000000:job/{job}"
    definition = glue.get_job(JobName=job)["Job"]

    glue.tag_resource(ResourceArn=arn, TagsToAdd={"stage": "test"})
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["project"])
    glue.update_job(
        JobName=job,
        JobUpdate={"Role": definition["Role"], "Command": definition["Command"], "Timeout": 20},
    )

    assert definition["Timeout"] == 10
    assert glue.get_job(JobName=job)["Job"]["Timeout"] == 20
    glue.update_job(JobName=job, JobUpdate={"Description": "changed"})
    changed = glue.get_job(JobName=job)["Job"]
    assert (changed["Description"], changed["Timeout"]) == ("changed", 480)
    assert (changed["Command"], changed["Role"]) == (definition["Command"], definition["Role"])
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"stage": "test"}
    assert glue.list_jobs(Tags={"stage": "test"})["JobNames"] == [job]
    glue.delete_job(JobName=job)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job(JobName=job)


def test_unknown_jobs_and_repeated_names_have_glues_own_errors(glue: Any, make_job: Any) -> None:
    job = make_job("")
    definition = glue.get_job(JobName=job)["Job"]

    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.start_job_run(JobName="no-such-job")
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_job(Name=job, Role=definition["Role"], Command=definition["Command"])
    with pytest.raises(glue.exceptions.InvalidInputException, match="minimum allowed value"):
        glue.start_job_run(JobName=job, WorkerType="G.1X", NumberOfWorkers=1)
