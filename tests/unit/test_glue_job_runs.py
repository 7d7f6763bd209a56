"""Glue job runs: the documents that a job, a request and the Spark run's states make of them."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.glue.documents import job_runs, jobs
from services.edge.glue.errors import GlueError

DEFINITION: dict[str, Any] = {
    "Name": "nightly",
    "Role": "arn:aws:iam::000000000000:role/glue",
    "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/nightly.py"},
    "WorkerType": "G.1X",
    "NumberOfWorkers": 2,
    "DefaultArguments": {"--TARGET": "bronze", "--job-language": "python"},
}


def test_a_job_has_the_defaults_of_glue_5_and_its_units_from_its_workers() -> None:
    job = jobs.created(DEFINITION, now=100.0)

    assert job["GlueVersion"] == "5.0"
    assert job["MaxRetries"] == 0
    assert job["Timeout"] == 480
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert job["MaxCapacity"] == 2.0
    assert job["CreatedOn"] == job["LastModifiedOn"] == 100.0


def test_an_update_overwrites_the_definition_and_keeps_name_and_creation_time() -> None:
    job = jobs.created({**DEFINITION, "Description": "old"}, now=100.0)
    definition = {key: value for key, value in DEFINITION.items() if key != "Name"}

    changed = jobs.updated(job, {**definition, "Timeout": 10}, now=200.0)

    assert changed["Name"] == "nightly"
    assert changed["CreatedOn"] == 100.0
    assert changed["LastModifiedOn"] == 200.0
    assert changed["Timeout"] == 10
    assert "Description" not in changed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"NumberOfWorkers": 1}, "minimum allowed value of Number of Workers is 2"),
        ({"WorkerType": "Z.9X"}, "Worker Type Z.9X is not available"),
        ({"NumberOfWorkers": None}, "must be set together"),
        ({"MaxCapacity": 2.0}, "not both"),
        ({"GlueVersion": "0.9"}, "Glue version 0.9 is not available"),
        ({"Command": {"Name": "glueray", "ScriptLocation": "s3://c/s.py"}}, "'glueray'"),
        ({"Command": {"Name": "glueetl", "ScriptLocation": "/tmp/s.py"}}, "s3:// address"),
        ({"Timeout": 0}, "Timeout must be at least 1 minute"),
        ({"MaxRetries": 11}, "MaxRetries must be from 0 to 10"),
        ({"SecurityConfiguration": "sealed"}, "SecurityConfiguration is not available"),
        ({"JobRunQueuingEnabled": True}, "JobRunQueuingEnabled is not available"),
        ({"Name": "two\nlines"}, "control character"),
    ],
)
def test_a_definition_that_cannot_run_is_refused_with_the_reason(
    change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(GlueError) as refused:
        jobs.created({**DEFINITION, **change}, now=0.0)

    assert refused.value.code == "InvalidInputException"
    assert reason in refused.value.message


def test_a_runs_arguments_go_before_the_jobs_and_glues_own_do_not_reach_the_script() -> None:
    job = jobs.created(
        {
            **DEFINITION,
            "DefaultArguments": {
                "--TARGET": "bronze",
                "--TempDir": "s3://tmp/",
                "--job-language": "python",
                "--extra-py-files": "s3://code/library.zip",
                "--conf": "spark.a=1 --conf spark.b=2",
            },
            "NonOverridableArguments": {"--MODE": "strict"},
        },
        now=0.0,
    )
    request = {"Arguments": {"--TARGET": "other", "--MODE": "lax", "--DAY": "2026-01-15"}}

    run = job_runs.started(job, request, "jr_1", now=0.0)
    submission = job_runs.submission(run, "eu-central-1")

    assert submission["arguments"] == [
        *("--JOB_NAME", "nightly"),
        *("--JOB_RUN_ID", "jr_1"),
        *("--TARGET", "other"),
        *("--TempDir", "s3://tmp/"),
        *("--MODE", "strict"),
        *("--DAY", "2026-01-15"),
    ]
    assert submission["spark_submit_parameters"] == (
        "--py-files s3://code/library.zip --conf spark.a=1 --conf spark.b=2"
    )
    assert submission["entry_point"] == "s3://code/nightly.py"
    assert submission["kind"] == "glue"
    assert submission["environment"] == {"AWS_DEFAULT_REGION": "eu-central-1"}


def test_a_python_shell_asks_for_no_jvm() -> None:
    command = {"Name": "pythonshell", "ScriptLocation": "s3://code/nightly.py"}
    job = jobs.created({**DEFINITION, "Command": command}, now=0.0)

    run = job_runs.started(job, {}, "jr_1", now=0.0)

    assert job_runs.submission(run, "eu-central-1")["kind"] == "shell"


def test_what_a_script_brings_along_is_given_to_spark_as_it_names_it() -> None:
    arguments = {
        "--extra-py-files": "s3://code/a.zip,s3://code/b.whl",
        "--extra-jars": "s3://code/own.jar",
        "--extra-files": "s3://code/rates.json",
    }
    run = job_runs.started(jobs.created(DEFINITION, 0.0), {"Arguments": arguments}, "jr_1", 0.0)

    assert job_runs.submission(run, "us-east-1")["spark_submit_parameters"] == (
        "--py-files s3://code/a.zip,s3://code/b.whl --jars s3://code/own.jar"
        " --files s3://code/rates.json"
    )


def test_modules_that_would_have_to_be_installed_are_refused() -> None:
    job = jobs.created(DEFINITION, now=0.0)

    with pytest.raises(GlueError, match="--additional-python-modules is not available"):
        job_runs.started(
            job, {"Arguments": {"--additional-python-modules": "left-pad"}}, "jr_1", 0.0
        )


def test_delta_is_there_for_a_job_and_other_formats_of_a_lake_are_refused() -> None:
    job = jobs.created(DEFINITION, now=0.0)
    given = {"Arguments": {"--datalake-formats": "delta"}}
    run = job_runs.started(job, given, "jr_1", 0.0)
    submission = job_runs.submission(run, "eu-central-1")
    assert "--datalake-formats" not in submission["arguments"]
    jars = "/usr/share/aws/delta/lib/delta-spark.jar,/usr/share/aws/delta/lib/delta-storage.jar"
    assert submission["spark_submit_parameters"] == f"--jars {jars}"
    given["Arguments"]["--extra-jars"] = "s3://code/own.jar"
    both = job_runs.submission(job_runs.started(job, given, "jr_1", 0.0), "eu-central-1")
    assert both["spark_submit_parameters"] == f"--jars {jars},s3://code/own.jar"

    with pytest.raises(GlueError, match="hudi, iceberg in --datalake-formats is not available"):
        job_runs.started(
            job, {"Arguments": {"--datalake-formats": "delta, iceberg,hudi"}}, "jr_2", 0.0
        )


def test_a_run_that_asks_to_be_queued_is_refused_as_a_job_is() -> None:
    with pytest.raises(GlueError, match="JobRunQueuingEnabled is not available"):
        job_runs.started(jobs.created(DEFINITION, 0.0), {"JobRunQueuingEnabled": True}, "jr_1", 0.0)


def _run(**changes: Any) -> job_runs.Run:
    return {**job_runs.started(jobs.created(DEFINITION, 0.0), {}, "jr_1", now=100.0), **changes}


def _spark(state: str, **changes: Any) -> dict[str, Any]:
    return {"state": state, "started_at": 110.0, "ended_at": 170.0, "error": None, **changes}


def test_a_queued_run_is_starting_and_a_running_one_running() -> None:
    queued = job_runs.followed(_run(), _spark("QUEUED", started_at=None, ended_at=None), now=105.0)
    running = job_runs.followed(queued, _spark("RUNNING", ended_at=None), now=110.0)

    assert queued["JobRunState"] == "STARTING"
    assert running["JobRunState"] == "RUNNING"
    assert running["LastModifiedOn"] == 110.0


def test_the_seconds_of_a_run_grow_while_it_goes_on_and_begin_anew_with_a_retry() -> None:
    running = job_runs.followed(_run(_retries_left=1), _spark("RUNNING", ended_at=None), now=110.0)
    stopping = job_runs.stopping(running, "STOPPED", now=130.0)
    ended = job_runs.followed(running, _spark("FAILED"), now=171.0)
    seen = [
        job_runs.described_at(run, now)["ExecutionTime"]
        for run, now in [
            (_run(), 105.0),
            (running, 110.0),
            (running, 142.0),
            (stopping, 150.0),
            (ended, 500.0),
            (job_runs.retried(ended, now=180.0), 190.0),
        ]
    ]
    assert seen == [0, 0, 32, 40, 60, 0]
    assert "DPUSeconds" not in job_runs.retried(ended, now=180.0)


def test_a_run_that_ended_has_its_seconds_and_its_unit_seconds() -> None:
    ended = job_runs.followed(_run(JobRunState="RUNNING"), _spark("SUCCEEDED"), now=171.0)

    assert ended["JobRunState"] == "SUCCEEDED"
    assert ended["ExecutionTime"] == 60
    assert ended["DPUSeconds"] == 120.0
    assert ended["CompletedOn"] == 170.0
    assert "ErrorMessage" not in ended


def test_a_failed_run_names_the_cause() -> None:
    spark = _spark("FAILED", error="ValueError: no index")

    ended = job_runs.followed(_run(JobRunState="RUNNING"), spark, now=171.0)

    assert (ended["JobRunState"], ended["ErrorMessage"]) == ("FAILED", "ValueError: no index")


def test_a_stopped_run_is_stopping_until_its_process_is_gone() -> None:
    stopping = job_runs.stopping(_run(JobRunState="RUNNING"), "STOPPED", now=120.0)
    still = job_runs.followed(stopping, _spark("RUNNING", ended_at=None), now=121.0)
    ended = job_runs.followed(still, _spark("CANCELLED"), now=171.0)

    assert [r["JobRunState"] for r in (stopping, still, ended)] == [
        "STOPPING",
        "STOPPING",
        "STOPPED",
    ]


def test_a_run_over_its_time_limit_ends_as_timeout() -> None:
    over = job_runs.stopping(_run(JobRunState="RUNNING"), "TIMEOUT", now=120.0)

    ended = job_runs.followed(over, _spark("CANCELLED"), now=171.0)

    assert ended["JobRunState"] == "TIMEOUT"
    assert ended["ErrorMessage"] == "Job run timed out."


def test_a_retry_is_a_run_of_its_own_that_names_the_one_before() -> None:
    job = jobs.created({**DEFINITION, "MaxRetries": 2}, now=0.0)
    first = job_runs.lost(job_runs.started(job, {}, "jr_1", now=100.0), "gone", now=150.0)

    second = job_runs.retried(first, now=160.0)
    third = job_runs.retried(job_runs.lost(second, "gone", now=165.0), now=170.0)

    assert [r["Id"] for r in (second, third)] == ["jr_1_attempt_1", "jr_1_attempt_2"]
    assert (second["PreviousRunId"], third["PreviousRunId"]) == ("jr_1", "jr_1_attempt_1")
    assert second["JobRunState"] == "STARTING"
    assert "ErrorMessage" not in second
    assert (second["_retries_left"], third["_retries_left"]) == (1, 0)


def test_what_only_the_service_needs_is_not_answered() -> None:
    described = job_runs.described(_run())

    assert described["LogGroupName"] == "/aws-glue/jobs"
    assert not [name for name in described if name.startswith("_")]
