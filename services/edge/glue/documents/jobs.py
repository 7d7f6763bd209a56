"""Glue job definitions as plain documents, and the checks that AWS makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from services.edge.glue.documents.job_documents import Job
from services.edge.glue.errors import invalid_input

GLUE_VERSION = "5.0"
# Data processing units per worker, and the fewest workers of a Spark job.
UNITS = {"G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0}
MINIMUM_WORKERS = 2
COMMANDS = {"glueetl": "/aws-glue/jobs", "pythonshell": "/aws-glue/python-jobs"}
NAME = re.compile(r"[^\x00-\x1f]{1,255}")
DEFAULT_TIMEOUT_MINUTES = 480  # of Glue 5.0; earlier versions had 2,880
# Asked of Glue, but not done here: refused rather than passed over.
UNAVAILABLE = ("SecurityConfiguration", "Connections", "CodeGenConfigurationNodes", "JobMode")


def created(definition: dict[str, Any], now: float) -> Job:
    """A job as GetJob answers it; `definition` is CreateJob's request, `now` epoch seconds."""
    job = {key: value for key, value in definition.items() if key != "Tags" and value is not None}
    _check(job)
    job.setdefault("GlueVersion", GLUE_VERSION)
    job.setdefault("MaxRetries", 0)
    job.setdefault("Timeout", DEFAULT_TIMEOUT_MINUTES)
    job.setdefault("ExecutionProperty", {"MaxConcurrentRuns": 1})
    job.setdefault("ExecutionClass", "STANDARD")
    job.update(capacity(job))
    return cast(Job, {**job, "CreatedOn": now, "LastModifiedOn": now})


def updated(job: Job, definition: dict[str, Any], now: float) -> Job:
    """UpdateJob overwrites the whole definition: what it leaves out is at its default again.

    Name and creation time stay; so do command and role, for which there is no default.
    """
    kept = {"Command": job["Command"], "Role": job["Role"], "Name": job["Name"]}
    given = {name: value for name, value in definition.items() if value is not None}
    return {**created({**kept, **given}, now), "CreatedOn": job["CreatedOn"]}


def capacity(workers: Mapping[str, Any]) -> dict[str, Any]:
    """Worker type, count and the units they make, from a job's or a run's own settings."""
    kind, count = workers.get("WorkerType"), workers.get("NumberOfWorkers")
    if kind is None and count is None:
        return {"MaxCapacity": float(workers.get("MaxCapacity") or 10.0)}
    if workers.get("MaxCapacity"):
        raise invalid_input(
            "Please set only Max Capacity or Worker Type and Number of Workers, not both."
        )
    if kind is None or count is None:
        raise invalid_input("Worker Type and Number of Workers must be set together.")
    if kind not in UNITS:
        raise invalid_input(f"Worker Type {kind} is not available; expected {', '.join(UNITS)}.")
    if count < MINIMUM_WORKERS:
        raise invalid_input(
            f"To use Worker Type {kind}, minimum allowed value of Number of Workers is"
            f" {MINIMUM_WORKERS}."
        )
    return {
        "WorkerType": kind,
        "NumberOfWorkers": count,
        "MaxCapacity": UNITS[kind] * count,
    }


def log_group(job: Job) -> str:
    return COMMANDS[job["Command"]["Name"]]


def max_concurrent_runs(job: Job) -> int:
    return int(job["ExecutionProperty"].get("MaxConcurrentRuns") or 1)


def refuse_queuing(given: dict[str, Any]) -> None:
    """Of a job or of a run; without it no run is WAITING, nor has it a StateDetail to say why."""
    if given.get("JobRunQueuingEnabled"):
        raise invalid_input("JobRunQueuingEnabled is not available here; leave it out.")


def _check(job: dict[str, Any]) -> None:
    if not NAME.fullmatch(job["Name"]):
        raise invalid_input("Job name must have 1 to 255 characters, none a control character.")
    command = job["Command"]
    if command.get("Name") not in COMMANDS:
        raise invalid_input(
            f"Command {command.get('Name')!r} is not available here;"
            f" expected one of {', '.join(COMMANDS)}."
        )
    if not str(command.get("ScriptLocation", "")).startswith("s3://"):
        raise invalid_input(
            f"Script location must be an s3:// address, found {command.get('ScriptLocation')!r}."
        )
    if command["Name"] == "glueetl" and job.get("GlueVersion", GLUE_VERSION) != GLUE_VERSION:
        raise invalid_input(
            f"Glue version {job['GlueVersion']} is not available here; expected {GLUE_VERSION}."
        )
    if job.get("Timeout") is not None and job["Timeout"] < 1:
        raise invalid_input(f"Timeout must be at least 1 minute, found {job['Timeout']}.")
    if not 0 <= (job.get("MaxRetries") or 0) <= 10:
        raise invalid_input(f"MaxRetries must be from 0 to 10, found {job['MaxRetries']}.")
    if asked := [name for name in UNAVAILABLE if job.get(name) not in (None, {}, "SCRIPT")]:
        raise invalid_input(f"{', '.join(asked)} is not available here; leave it out.")
    refuse_queuing(job)
