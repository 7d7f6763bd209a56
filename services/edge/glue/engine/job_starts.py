"""How a job run starts: within the job's limit, on record and submitted to Spark."""

from __future__ import annotations

import time
from typing import Any, cast

from services.edge.glue import errors
from services.edge.glue.documents import job_runs, jobs
from services.edge.glue.documents.job_documents import Job, JobRun
from services.edge.glue.engine.job_runs import Follower
from services.edge.glue.store import JOB, require
from services.edge.glue.store import job_runs as runs_of
from services.edge.spark_client import SparkServiceError
from services.edge.store.records import Scoped

Document = dict[str, Any]


def start_run(
    records: Scoped, follower: Follower, request: Document, run_id: str, origin: Document
) -> JobRun:
    """A run going on; `origin` is what it carries of the trigger that starts it."""
    job = cast(Job, require(records, JOB, request["JobName"]))
    run = cast(JobRun, {**job_runs.started(job, request, run_id, time.time()), **origin})
    with follower.lock:
        active = [r for r in runs_of(records, job["Name"]) if r["JobRunState"] in job_runs.ACTIVE]
        if len(active) >= jobs.max_concurrent_runs(job):
            raise errors.too_many_runs(job["Name"], jobs.max_concurrent_runs(job))
        try:
            follower.start(run)
        except SparkServiceError as error:
            failure = errors.invalid_input if error.refused else errors.internal
            raise failure(str(error)) from error
    return run
