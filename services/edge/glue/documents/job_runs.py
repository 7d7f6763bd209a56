"""Glue job runs as plain documents: how one starts, what a change of its Spark run makes of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, cast

from services.edge.glue.documents import jobs
from services.edge.glue.documents.job_documents import Job, JobRun
from services.edge.glue.errors import invalid_input
from services.edge.spark_client import SparkRun
from services.spark import delta_jars

ACTIVE = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"})
FAILED = frozenset({"FAILED", "TIMEOUT", "ERROR"})

# Glue reads these itself; the script does not get them.
# https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
SUBMIT_PARAMETERS = {
    "--extra-py-files": "--py-files",
    "--extra-jars": "--jars",
    "--extra-files": "--files",
}
FORMATS = "--datalake-formats"
OWN = frozenset(
    {
        "--conf",
        "--class",
        "--scriptLocation",
        "--job-language",
        "--enable-metrics",
        "--enable-observability-metrics",
        "--enable-continuous-cloudwatch-log",
        "--enable-glue-datacatalog",
        "--enable-job-insights",
        "--enable-auto-scaling",
        "--enable-spark-ui",
        "--spark-event-logs-path",
        FORMATS,
        *SUBMIT_PARAMETERS,
    }
)
# Without these the script would not find what it asked for.
UNAVAILABLE = ("--additional-python-modules", "--python-modules-installer-option")


def started(job: Job, request: dict[str, Any], run_id: str, now: float) -> JobRun:
    """A run in STARTING; `request` is StartJobRun's, whose settings go before the job's."""
    arguments = {**job.get("DefaultArguments", {}), **(request.get("Arguments") or {})}
    arguments.update(job.get("NonOverridableArguments", {}))
    if asked := [name for name in UNAVAILABLE if name in arguments]:
        raise invalid_input(
            f"{', '.join(asked)} is not available here: put the code in a zip that"
            " --extra-py-files names"
        )
    if other := sorted(_formats(arguments) - {"delta"}):
        raise invalid_input(
            f"{', '.join(other)} in {FORMATS} is not available here: expected delta"
        )
    jobs.refuse_queuing(request)
    workers = {
        name: request[name]
        for name in ("WorkerType", "NumberOfWorkers", "MaxCapacity")
        if request.get(name) is not None
    }
    made = {
        "Id": run_id,
        "Attempt": 0,
        "JobName": job["Name"],
        "JobRunState": "STARTING",
        "Arguments": request.get("Arguments") or {},
        "StartedOn": now,
        "LastModifiedOn": now,
        "ExecutionTime": 0,
        "Timeout": request.get("Timeout") or job["Timeout"],
        "GlueVersion": job["GlueVersion"],
        "ExecutionClass": job["ExecutionClass"],
        "LogGroupName": jobs.log_group(job),
        "PredecessorRuns": [],
        **(jobs.capacity(workers) if workers else _capacity_of(job)),
        "_arguments": arguments,
        "_command": job["Command"]["Name"],
        "_script": job["Command"]["ScriptLocation"],
        "_retries_left": job["MaxRetries"],
        "_role": job["Role"],
    }
    return cast(JobRun, made)


def retried(run: JobRun, now: float) -> JobRun:
    """The next attempt of a failed run: a run of its own that names the one before it."""
    attempt = run["Attempt"] + 1
    first = run["Id"].split("_attempt_")[0]
    of_one_attempt = ("CompletedOn", "ErrorMessage", "DPUSeconds", "_began")
    kept = {key: value for key, value in run.items() if key not in of_one_attempt}
    made = {
        **kept,
        "Id": f"{first}_attempt_{attempt}",
        "Attempt": attempt,
        "PreviousRunId": run["Id"],
        "JobRunState": "STARTING",
        "StartedOn": now,
        "LastModifiedOn": now,
        "ExecutionTime": 0,
        "_retries_left": run["_retries_left"] - 1,
    }
    return cast(JobRun, made)


def submission(run: JobRun, region: str) -> dict[str, Any]:
    """What the Spark service is asked to run; the script's own calls go where its run is."""
    arguments = dict(run["_arguments"])
    if "delta" in _formats(arguments):
        jars = [*delta_jars.IMAGE_JARS, *([own] if (own := arguments.get("--extra-jars")) else [])]
        arguments["--extra-jars"] = ",".join(jars)
    parameters = [
        f"{option} {shlex.quote(arguments[name])}"
        for name, option in SUBMIT_PARAMETERS.items()
        if arguments.get(name)
    ]
    if arguments.get("--conf"):  # holds further ones as "a=b --conf c=d"
        parameters.append(f"--conf {arguments['--conf']}")
    return {
        "run_id": run["Id"],
        "name": run["JobName"],
        # A Python shell needs no JVM; runs that an older version has on record do not tell.
        "kind": "shell" if run.get("_command") == "pythonshell" else "glue",
        "entry_point": run["_script"],
        "arguments": script_arguments(run),
        "spark_submit_parameters": " ".join(parameters),
        "conf": {},
        "environment": {"AWS_DEFAULT_REGION": region},
    }


def script_arguments(run: JobRun) -> list[str]:
    """The script's `--KEY value` arguments, with those for job and run that Glue adds."""
    pairs = {"--JOB_NAME": run["JobName"], "--JOB_RUN_ID": run["Id"], **run["_arguments"]}
    return [text for name, value in pairs.items() if name not in OWN for text in (name, value)]


def stopping(run: JobRun, reason: str, now: float) -> JobRun:
    """A run that is being cancelled; `reason` is the state it will end in, STOPPED or TIMEOUT."""
    state = "STOPPING" if reason == "STOPPED" else run["JobRunState"]
    return {**run, "JobRunState": state, "LastModifiedOn": now, "_ends_as": reason}


def followed(run: JobRun, spark: SparkRun, now: float) -> JobRun:
    """The run after its Spark run has become `spark`; STOPPING is left only by ending."""
    state = spark["state"]
    if state == "RUNNING" and run["JobRunState"] == "STARTING":
        began = spark.get("started_at") or now
        return {**run, "JobRunState": "RUNNING", "LastModifiedOn": now, "_began": began}
    if state == "SUCCEEDED":
        return _ended(run, "SUCCEEDED", None, spark, now)
    if state == "FAILED":
        return _ended(run, "FAILED", spark.get("error") or "The script failed.", spark, now)
    if state == "CANCELLED":
        ending = run.get("_ends_as", "STOPPED")
        cause = "Job run timed out." if ending == "TIMEOUT" else "Job run was stopped."
        return _ended(run, ending, cause, spark, now)
    return run


def lost(run: JobRun, cause: str, now: float) -> JobRun:
    """A run whose Spark run cannot be followed any more."""
    return _ended(run, "FAILED", cause, None, now)


def described_at(run: JobRun, now: float) -> dict[str, Any]:
    """The run as the API answers it; ExecutionTime grows while it goes on."""
    if run["JobRunState"] in ACTIVE and "_began" in run:
        run = {**run, "ExecutionTime": max(0, round(now - run["_began"]))}
    return described(run)


def described(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without what only this service needs."""
    return {key: value for key, value in document.items() if not key.startswith("_")}


def _formats(arguments: Mapping[str, str]) -> set[str]:
    return {one.strip() for one in arguments.get(FORMATS, "").split(",")} - {""}


def _ended(
    run: JobRun, state: str, cause: str | None, spark: SparkRun | None, now: float
) -> JobRun:
    completed = (spark and spark.get("ended_at")) or now
    seconds = max(0, round(completed - ((spark and spark.get("started_at")) or completed)))
    ended: JobRun = {
        **run,
        "JobRunState": state,
        "CompletedOn": completed,
        "LastModifiedOn": now,
        "ExecutionTime": seconds,
        "DPUSeconds": seconds * run["MaxCapacity"],
    }
    return {**ended, "ErrorMessage": cause} if cause else ended


def _capacity_of(job: Job) -> dict[str, Any]:
    known: Mapping[str, Any] = job
    names = ("WorkerType", "NumberOfWorkers", "MaxCapacity")
    return {name: known[name] for name in names if name in known}
