"""Follows each job run in the Spark service: state, time limit, attempts, output."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from services.edge.emr_serverless import job_runs
from services.edge.emr_serverless.configuration import monitoring
from services.edge.emr_serverless.output import Output
from services.edge.emr_serverless.patience import UNREACHABLE_SECONDS, changes, patiently
from services.edge.emr_serverless.store import Document, Store
from services.edge.spark_client import ENDED, SparkClient, SparkServiceError
from services.edge.store import room

LOG = logging.getLogger(__name__)
SUBMISSION_SECONDS = 5.0  # so long Spark may be out of reach before a new run has failed
STARTING_CHECK_SECONDS = 0.05
SECONDS_PER_MINUTE = 60.0
TIMED_OUT = "The job run was cancelled as it took longer than its executionTimeoutMinutes: {}"

Clients = Callable[[str, Document], Any]


class Follower:
    """One thread per run that has not ended; every change is recorded before it can be read."""

    def __init__(self, store: Store, spark: SparkClient, clients: Clients) -> None:
        self._store, self._spark, self._clients = store, spark, clients

    def resume(self) -> None:
        """Follow again the runs that had not ended when this process did."""
        for run in self._store.unfinished_runs():
            self.start(run, UNREACHABLE_SECONDS)

    def start(self, run: Document, patience: float = SUBMISSION_SECONDS) -> None:
        name = f"emr-{run['jobRunId']}"
        threading.Thread(target=self._follow, args=(run, patience), name=name, daemon=True).start()

    def cancel(self, run: Document, cause: str) -> None:
        """Ends the run's process; one that Spark does not have yet is not given to it any more."""
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

    def _follow(self, run: Document, patience: float) -> None:
        try:
            application = self._started_application(run)
            while run["state"] not in job_runs.ENDED:
                run = self._attempt(run, application, patience)
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

    def _attempt(self, run: Document, application: Document, patience: float) -> Document:
        """Runs one attempt to its end; answers the run, ended or about to be tried again."""
        spark_id = job_runs.spark_run_id(run)
        run = self._change(run, partial(job_runs.pending, now=time.time()))
        if run["state"] == "CANCELLING" and not run["_given"]:
            return self._change(run, partial(job_runs.cancelled, now=time.time()))
        if not run["_given"]:
            patiently(lambda: self._spark.submit(job_runs.spark_run(run, application)), patience)
            run = self._change(run, job_runs.given)
        limit: threading.Timer | None = None
        output, ended = self._output(run, application), threading.Event()
        copier = threading.Thread(target=output.copy_until, args=(ended,), daemon=True)
        copier.start()
        try:
            for spark in changes(self._spark, spark_id):
                if spark["state"] == "RUNNING" and limit is None:
                    limit = self._time_limit(run, spark)
                if spark["state"] in ENDED:
                    ended.set()
                    copier.join()
                    self._note(run, output.finish())
                elif self._is_cancelling(run):  # asked for before Spark had the run
                    patiently(lambda: self._spark.cancel(spark_id))
                change = partial(job_runs.followed, spark=spark, now=time.time())
                run = self._change(run, change)
        finally:
            ended.set()
            if limit is not None:
                limit.cancel()
        return run

    def _change(self, run: Document, change: Callable[[Document], Document]) -> Document:
        return room.patiently(lambda: self._store.change_run(run, change))

    def _is_cancelling(self, run: Document) -> bool:
        return bool(self._store.latest(run)["state"] == "CANCELLING")

    def _time_limit(self, run: Document, spark: Document) -> threading.Timer | None:
        minutes = run["executionTimeoutMinutes"]
        if not minutes:
            return None
        started = run.get("startedAt") or spark["started_at"] or time.time()
        left = max(0.0, started + minutes * SECONDS_PER_MINUTE - time.time())
        limit = threading.Timer(left, self._time_out, (run, TIMED_OUT.format(minutes)))
        limit.daemon = True
        limit.start()
        return limit

    def _time_out(self, run: Document, cause: str) -> None:
        try:
            patiently(lambda: self.cancel(run, cause))
        except SparkServiceError as error:
            LOG.error("Job run %s is over its time limit, still running: %s", run["name"], error)

    def _output(self, run: Document, application: Document) -> Output:
        def read(stream: str, offset: int) -> bytes:
            return self._spark.output(job_runs.spark_run_id(run), stream, offset)

        where = monitoring(run, application)
        return Output(run, where, read, lambda service: self._clients(service, run))

    def _note(self, run: Document, problems: list[str]) -> None:
        for problem in problems:
            self._change(run, partial(job_runs.noted, note=problem))

    def _lose(self, run: Document, cause: str) -> None:
        LOG.error("Job run %s is lost: %s", run["jobRunId"], cause)
        self._change(run, partial(job_runs.lost, cause=cause, now=time.time()))
