"""Follows each Glue job run in the Spark service: state, time limit, output to CloudWatch Logs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import cast

from services.edge.aws.spark_follower import Followed, follow
from services.edge.aws.spark_output import Output
from services.edge.aws.spark_retries import retry_unreachable
from services.edge.glue.documents import job_runs
from services.edge.glue.documents.job_documents import JobRun
from services.edge.glue.engine.identities import Identities
from services.edge.glue.store import JOB_RUN, key
from services.edge.spark_client import SparkClient, SparkRun, SparkServiceError
from services.edge.store import disk_space
from services.edge.store.records import Scoped

LOG = logging.getLogger(__name__)
STREAMS = {"stdout": "output", "stderr": "error"}


class Follower:
    """One thread per run that has not ended; every change is recorded before it can be read."""

    def __init__(
        self,
        records: Scoped,
        spark: SparkClient,
        identities: Identities,
        ended: Callable[[JobRun], None],
    ) -> None:
        """`ended` gets each run that has ended for good."""
        self._records = records
        self._spark = spark
        self._identities = identities
        self._ended = ended
        self.lock = threading.RLock()

    def resume(self) -> None:
        """Follow again the runs that had not ended when this process did."""
        for run in cast(list[JobRun], self._records.list(JOB_RUN)):
            if run["JobRunState"] in job_runs.ACTIVE:
                self.follow(run)

    def start(self, run: JobRun) -> None:
        """Record and submit a run; a refused one leaves no record."""
        self.save(run)
        try:
            submission = job_runs.submission(run, self._records.region)
            self._spark.submit({**submission, "role": self._identities.job(run).renewing()})
        except SparkServiceError:
            self._records.delete(JOB_RUN, key(run["JobName"], run["Id"]))
            raise
        self.follow(run)

    def follow(self, run: JobRun) -> None:
        name = f"glue-{run['Id'][:12]}"
        threading.Thread(target=self._follow, args=(run,), name=name, daemon=True).start()

    def stop(self, run: JobRun, reason: str) -> None:
        """Cancel the run; it ends as `reason` once its process is gone."""
        with self.lock:
            present = self.find(run["JobName"], run["Id"])
            if present is None or present["JobRunState"] not in job_runs.ACTIVE:
                return
            self.save(job_runs.stopping(present, reason, time.time()))
        self._spark.cancel(run["Id"])

    def find(self, job: str, run_id: str) -> JobRun | None:
        return cast(JobRun | None, self._records.get(JOB_RUN, key(job, run_id)))

    def save(self, run: JobRun) -> None:
        self._records.put(JOB_RUN, key(run["JobName"], run["Id"]), dict(run))

    def _follow(self, run: JobRun) -> None:
        try:
            follow(
                self._spark,
                Followed(
                    run_id=run["Id"],
                    output=self._output(run),
                    deadline=partial(_deadline, run),
                    time_out=partial(self._time_out, run),
                    changed=lambda spark: self._change(
                        run, partial(job_runs.followed, spark=spark, now=time.time())
                    ),
                    unwritten=lambda _: None,  # Glue's runs have no member for it; it is logged
                ),
            )
        except SparkServiceError as error:
            LOG.error("Glue job run %s is lost: %s", run["Id"], error)
            cause = f"The run cannot be followed: {error}"
            self._change(run, partial(job_runs.lost, cause=cause, now=time.time()))
        present = self.find(run["JobName"], run["Id"])
        if present is None:  # deleted with its job
            self._ended({**run, "JobRunState": "STOPPED"})
        elif not self._is_retried(present):
            self._ended(present)

    def _change(self, run: JobRun, change: Callable[[JobRun], JobRun]) -> None:
        disk_space.retried_until_stored(lambda: self._change_now(run, change))

    def _change_now(self, run: JobRun, change: Callable[[JobRun], JobRun]) -> None:
        with self.lock:
            present = self.find(run["JobName"], run["Id"])
            if present is not None:
                self.save(change(present))

    def _time_out(self, run: JobRun) -> None:
        try:
            retry_unreachable(lambda: self.stop(run, "TIMEOUT"))
        except SparkServiceError as error:
            LOG.error("Glue job run %s is over its time, still running: %s", run["Id"], error)

    def _is_retried(self, run: JobRun) -> bool:
        if run["JobRunState"] != "FAILED" or not run["_retries_left"]:
            return False
        try:
            self.start(job_runs.retried(run, time.time()))
        except SparkServiceError as error:
            LOG.error("Glue job run %s is not retried: %s", run["Id"], error)
            return False
        return True

    def _output(self, run: JobRun) -> Output:
        streams = {
            stream: (f"{run['LogGroupName']}/{name}", run["Id"]) for stream, name in STREAMS.items()
        }
        read = partial(self._spark.output, run["Id"])
        return Output(
            run["Id"],
            read,
            partial(self._identities.client, self._identities.job(run)),
            self._identities.administrator,
            log_streams=streams,
            objects={},
        )


def _deadline(run: JobRun, spark: SparkRun) -> float:
    return float((spark["started_at"] or time.time()) + run["Timeout"] * 60)
