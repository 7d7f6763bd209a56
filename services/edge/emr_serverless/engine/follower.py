"""Follows each job run in the Spark service: state, time limit, attempts, output."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.edge.aws.spark_follower import Followed, follow
from services.edge.aws.spark_output import Output
from services.edge.aws.spark_retries import UNREACHABLE_SECONDS, retry_unreachable
from services.edge.emr_serverless.documents import job_runs, log_places
from services.edge.emr_serverless.documents.configuration import monitoring
from services.edge.emr_serverless.store import Document, Store
from services.edge.spark_client import ENDED, SparkClient, SparkRun, SparkServiceError
from services.edge.store import disk_space

LOG = logging.getLogger(__name__)
SUBMISSION_SECONDS = 5.0  # so long Spark may be out of reach before a new run has failed
STARTING_CHECK_SECONDS = 0.05
SECONDS_PER_MINUTE = 60.0
TIMED_OUT = "The job run was cancelled as it took longer than its executionTimeoutMinutes: {}"


@dataclass(frozen=True)
class Identities:
    """As whom a run is worked for: clients of services by its role and as the administrator, and
    what the Spark service is told, so that the job itself has the role."""

    client: Callable[[str, Document], Any]
    administrator: Callable[[str, Document], Any]
    role: Callable[[Document], dict[str, str]]


class Follower:
    """One thread per run that has not ended; every change is recorded before it can be read."""

    def __init__(self, store: Store, spark: SparkClient, identities: Identities) -> None:
        self._store, self._spark, self._identities = store, spark, identities

    def resume(self) -> None:
        """Follow again the runs that had not ended when this process did."""
        for run in self._store.unfinished_runs():
            self.start(run, UNREACHABLE_SECONDS)

    def start(self, run: Document, submission_seconds: float = SUBMISSION_SECONDS) -> None:
        arguments, name = (run, submission_seconds), f"emr-{run['jobRunId']}"
        threading.Thread(target=self._follow, args=arguments, name=name, daemon=True).start()

    def cancel(self, run: Document, cause: str) -> None:
        """Ends the run's process; one that Spark does not have yet is not submitted any more."""
        change = partial(job_runs.cancelling, cause=cause, now=time.time())
        present = self._store.change_run(run, change)
        if present["state"] != "CANCELLING":
            return
        try:
            self._spark.cancel(job_runs.spark_run_id(present))
        except SparkServiceError as error:
            if not error.refused:
                raise
            LOG.info("Job run %s is not in Spark: %s", run["jobRunId"], error)

    def _follow(self, run: Document, submission_seconds: float) -> None:
        try:
            application = self._started_application(run)
            while run["state"] not in job_runs.ENDED:
                run = self._attempt(run, application, submission_seconds)
        except SparkServiceError as error:
            self._lose(run, f"The job run was not run to its end: {error}")
        except Exception as error:  # whatever it was, a run must not stay unended for ever
            LOG.exception("Job run %s cannot be followed", run["jobRunId"])
            self._lose(run, f"The job run could not be followed: {error}")

    def _started_application(self, run: Document) -> Document:
        while True:
            application = self._store.application_of(run)
            if application["state"] == "STARTED" or self._is_cancelling(run):
                return application
            if application["state"] != "STARTING":
                raise SparkServiceError(
                    application["stateDetails"] or f"the application is {application['state']}",
                    refused=True,
                )
            time.sleep(STARTING_CHECK_SECONDS)

    def _attempt(self, run: Document, application: Document, submission_seconds: float) -> Document:
        """Runs one attempt to its end; answers the run, ended or about to be tried again."""
        run = self._change(run, partial(job_runs.pending, now=time.time()))
        if not job_runs.is_in_spark(run):
            if run["state"] == "CANCELLING":
                return self._change(run, partial(job_runs.cancelled, now=time.time()))
            role = self._identities.role(run)
            submission = {**job_runs.spark_run(run, application), "role": role}
            retry_unreachable(lambda: self._spark.submit(submission), submission_seconds)
            run = self._change(run, job_runs.in_spark)
        follow(
            self._spark,
            Followed(
                run_id=job_runs.spark_run_id(run),
                output=self._output(run, application),
                deadline=partial(_deadline, run),
                time_out=partial(self._time_out, run),
                changed=partial(self._changed, run),
                unwritten=partial(self._note, run),
            ),
        )
        return self._store.latest(run)

    def _changed(self, run: Document, spark: SparkRun) -> None:
        if spark["state"] not in ENDED and self._is_cancelling(run):
            # Asked for before Spark had the run.
            retry_unreachable(lambda: self._spark.cancel(job_runs.spark_run_id(run)))
        self._change(run, partial(job_runs.followed, spark=spark, now=time.time()))

    def _change(self, run: Document, change: Callable[[Document], Document]) -> Document:
        return disk_space.retried_until_stored(lambda: self._store.change_run(run, change))

    def _is_cancelling(self, run: Document) -> bool:
        return bool(self._store.latest(run)["state"] == "CANCELLING")

    def _time_out(self, run: Document) -> None:
        cause = TIMED_OUT.format(run["executionTimeoutMinutes"])
        try:
            retry_unreachable(lambda: self.cancel(run, cause))
        except SparkServiceError as error:
            LOG.error("Job run %s is over its time limit, still running: %s", run["name"], error)

    def _output(self, run: Document, application: Document) -> Output:
        def read(stream: str, offset: int) -> bytes:
            return self._spark.output(job_runs.spark_run_id(run), stream, offset)

        settings = monitoring(run, application)
        return Output(
            run["jobRunId"],
            read,
            lambda service: self._identities.client(service, run),
            lambda service: self._identities.administrator(service, run),
            log_streams=log_places.log_streams(settings, run),
            objects=log_places.objects(settings, run),
        )

    def _note(self, run: Document, problems: list[str]) -> None:
        for problem in problems:
            self._change(run, partial(job_runs.noted, note=problem))

    def _lose(self, run: Document, cause: str) -> None:
        LOG.error("Job run %s is lost: %s", run["jobRunId"], cause)
        self._change(run, partial(job_runs.lost, cause=cause, now=time.time()))


def _deadline(run: Document, spark: SparkRun) -> float | None:
    """When the run is over its time, which counts from the start of its first attempt."""
    minutes = run["executionTimeoutMinutes"]
    if not minutes:
        return None
    started = run.get("startedAt") or spark["started_at"] or time.time()
    return float(started + minutes * SECONDS_PER_MINUTE)
