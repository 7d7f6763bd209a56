"""How a job run starts: within the job's limit, on record and given to Spark."""

from __future__ import annotations

import time
from typing import Any

from services.edge.glue import errors, jobs, runs
from services.edge.glue.follower import KIND as RUN
from services.edge.glue.follower import Follower, key
from services.edge.spark_client import SparkServiceError
from services.edge.store.records import Scoped

JOB = "glue_job"
Document = dict[str, Any]


def start_run(
    records: Scoped, follower: Follower, request: Document, run_id: str, origin: Document
) -> runs.Run:
    """A run going on; `origin` is what it carries of the trigger that starts it."""
    job = found_job(records, request["JobName"])
    run = {**runs.started(job, request, run_id, time.time()), **origin}
    with follower.lock:
        active = [r for r in runs_of(records, job["Name"]) if r["JobRunState"] in runs.ACTIVE]
        if len(active) >= jobs.max_concurrent_runs(job):
            raise errors.too_many_runs(job["Name"], jobs.max_concurrent_runs(job))
        try:
            follower.start(run)
        except SparkServiceError as error:
            failure = errors.invalid_input if error.refused else errors.internal
            raise failure(str(error)) from error
    return run


def found_job(records: Scoped, name: str) -> jobs.Job:
    job = records.get(JOB, name)
    if job is None:
        raise errors.not_found(f"Job {name}")
    return job


def runs_of(records: Scoped, job: str) -> list[runs.Run]:
    """The oldest first."""
    return list(records.list(RUN, key(job, "")))
