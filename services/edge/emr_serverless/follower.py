"""Follows each job run in the Spark service: state, time limit, attempts, output."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from services.edge.emr_serverless import job_runs, logs
from services.edge.spark_client import SparkClient, SparkServiceError
from services.edge.store.records import Records

LOG = logging.getLogger(__name__)
KIND = "emr_job_run"
APPLICATION = "emr_application"
UNREACHABLE_SECONDS = 60.0  # so long a restart of the Spark service may take

Document = dict[str, Any]


class Follower:
    """One thread per run that has not ended; every change is recorded before it can be read."""

    def __init__(self, records: Records, spark: SparkClient, client: Callable[[str], Any]) -> None:
        self._records, self._spark, self._client = records, spark, client
        self.lock = threading.RLock()

    def resume(self) -> None:
        """Follow again the runs that had not ended when this process did."""
        for run in self._records.list(KIND):
            if run["state"] not in job_runs.ENDED:
                self.start(run)

    def start(self, run: Document) -> None:
        name = f"emr-{run['jobRunId']}"
        threading.Thread(target=self._follow, args=(run,), name=name, daemon=True).start()

    def cancel(self, run: Document) -> None:
        self._change(run, lambda now: {**now, "state": "CANCELLING", "updatedAt": time.time()})
        self._spark.cancel(job_runs.spark_run_id(run))

    def find(self, application_id: str, run_id: str) -> Document | None:
        return self._records.get(KIND, f"{application_id}/{run_id}")

    def save(self, run: Document) -> None:
        self._records.put(KIND, f"{run['applicationId']}/{run['jobRunId']}", run)

    def _follow(self, run: Document) -> None:
        application = self._records.get(APPLICATION, run["applicationId"])
        if application is None:
            self._lose(run, "the application is gone")
            return
        where = logs.monitoring(run, application)
        limit: threading.Timer | None = None
        try:
            self._spark.submit(job_runs.spark_run(run, application))
            for spark in self._changes(job_runs.spark_run_id(run)):
                if spark["state"] == "RUNNING" and limit is None:
                    limit = self._time_limit(run)
                if spark["state"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                    self._keep_output(run, where)
                self._change(run, partial(job_runs.followed, spark=spark, now=time.time()))
        except SparkServiceError as error:
            self._lose(run, f"The run cannot be followed: {error}")
        finally:
            if limit is not None:
                limit.cancel()
        self._retry(run)

    def _changes(self, run_id: str) -> Iterator[Document]:
        """The Spark run's changes, over restarts of the Spark service that do not take long."""
        deadline = time.monotonic() + UNREACHABLE_SECONDS
        while True:
            try:
                for spark in self._spark.follow(run_id):
                    deadline = time.monotonic() + UNREACHABLE_SECONDS
                    yield spark
                return
            except SparkServiceError as error:
                if error.refused or time.monotonic() > deadline:
                    raise
                time.sleep(1.0)

    def _keep_output(self, run: Document, where: Document) -> None:
        for stream in logs.STREAMS:
            text = self._spark.output(job_runs.spark_run_id(run), stream)
            logs.to_cloudwatch(self._client("logs"), where, run, stream, text)
            logs.to_s3(self._client("s3"), where, run, stream, text)

    def _time_limit(self, run: Document) -> threading.Timer | None:
        minutes = run["executionTimeoutMinutes"]
        if not minutes:
            return None
        limit = threading.Timer(minutes * 60, self.cancel, (run,))
        limit.daemon = True
        limit.start()
        return limit

    def _retry(self, run: Document) -> None:
        present = self.find(run["applicationId"], run["jobRunId"])
        if present is not None and present["attempt"] > run["attempt"]:
            self.start(present)

    def _lose(self, run: Document, cause: str) -> None:
        LOG.error("Job run %s is lost: %s", run["jobRunId"], cause)
        self._change(run, partial(job_runs.lost, cause=cause, now=time.time()))

    def _change(self, run: Document, change: Callable[[Document], Document]) -> None:
        with self.lock:
            present = self.find(run["applicationId"], run["jobRunId"])
            if present is not None and present["state"] not in job_runs.ENDED:
                self.save(change(present))
