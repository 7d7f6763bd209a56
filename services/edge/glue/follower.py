"""Follows each Glue job run in the Spark service: state, time limit, output to CloudWatch Logs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.edge import cloudwatch
from services.edge.glue import runs
from services.edge.spark_client import SparkClient, SparkServiceError
from services.edge.store import room
from services.edge.store.records import Scoped

LOG = logging.getLogger(__name__)
KIND = "glue_run"
OUTPUT_SECONDS = 2.0
UNREACHABLE_SECONDS = 60.0  # so long a restart of the Spark service may take
STREAMS = {"stdout": "output", "stderr": "error"}


class Follower:
    """One thread per run that has not ended; every change is recorded before it can be read."""

    def __init__(
        self,
        records: Scoped,
        spark: SparkClient,
        logs: Callable[[], Any],
        ended: Callable[[runs.Run], None],
    ) -> None:
        """`ended` is told of each run that has ended and is not tried again."""
        self._records = records
        self._spark = spark
        self._logs = logs
        self._ended = ended
        self.lock = threading.RLock()

    def resume(self) -> None:
        """Follow again the runs that had not ended when this process did."""
        for run in self._records.list(KIND):
            if run["JobRunState"] in runs.ACTIVE:
                self.follow(run)

    def start(self, run: runs.Run) -> None:
        """Record and submit a run; a refused one leaves no record."""
        self.save(run)
        try:
            self._spark.submit(runs.submission(run, self._records.account, self._records.region))
        except SparkServiceError:
            self._records.delete(KIND, key(run["JobName"], run["Id"]))
            raise
        self.follow(run)

    def follow(self, run: runs.Run) -> None:
        name = f"glue-{run['Id'][:12]}"
        threading.Thread(target=self._follow, args=(run,), name=name, daemon=True).start()

    def stop(self, run: runs.Run, reason: str) -> None:
        """Cancel the run; it ends as `reason` once its process is gone."""
        with self.lock:
            present = self.find(run["JobName"], run["Id"])
            if present is None or present["JobRunState"] not in runs.ACTIVE:
                return
            self.save(runs.stopping(present, reason, time.time()))
        self._spark.cancel(run["Id"])

    def find(self, job: str, run_id: str) -> runs.Run | None:
        return self._records.get(KIND, key(job, run_id))

    def save(self, run: runs.Run) -> None:
        self._records.put(KIND, key(run["JobName"], run["Id"]), run)

    def _follow(self, run: runs.Run) -> None:
        ended = threading.Event()
        output = threading.Thread(target=self._copy_output, args=(run, ended), daemon=True)
        output.start()
        limit: threading.Timer | None = None
        try:
            for spark in self._changes(run["Id"]):
                if spark["state"] == "RUNNING" and limit is None:
                    limit = self._time_limit(run, spark)
                if spark["state"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                    ended.set()
                    output.join()
                self._change(run, partial(runs.followed, spark=spark, now=time.time()))
        except SparkServiceError as error:
            LOG.error("Glue job run %s is lost: %s", run["Id"], error)
            cause = f"The run cannot be followed: {error}"
            self._change(run, partial(runs.lost, cause=cause, now=time.time()))
        finally:
            ended.set()
            if limit is not None:
                limit.cancel()
        present = self.find(run["JobName"], run["Id"])
        if present is None:  # deleted with its job
            self._ended({**run, "JobRunState": "STOPPED"})
        elif not self._is_retried(present):
            self._ended(present)

    def _changes(self, run_id: str) -> Iterator[dict[str, Any]]:
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

    def _change(self, run: runs.Run, change: Callable[[runs.Run], runs.Run]) -> None:
        room.patiently(lambda: self._change_now(run, change))

    def _change_now(self, run: runs.Run, change: Callable[[runs.Run], runs.Run]) -> None:
        with self.lock:
            present = self.find(run["JobName"], run["Id"])
            if present is not None:
                self.save(change(present))

    def _time_limit(self, run: runs.Run, spark: dict[str, Any]) -> threading.Timer:
        ends = (spark["started_at"] or time.time()) + run["Timeout"] * 60
        limit = threading.Timer(max(0.0, ends - time.time()), self.stop, (run, "TIMEOUT"))
        limit.daemon = True
        limit.start()
        return limit

    def _is_retried(self, run: runs.Run) -> bool:
        if run["JobRunState"] != "FAILED" or not run["_retries_left"]:
            return False
        try:
            self.start(runs.retried(run, time.time()))
        except SparkServiceError as error:
            LOG.error("Glue job run %s is not retried: %s", run["Id"], error)
            return False
        return True

    def _copy_output(self, run: runs.Run, ended: threading.Event) -> None:
        offsets: dict[str, int] = {}
        last = False
        while not last:
            last = ended.wait(OUTPUT_SECONDS)
            for stream in STREAMS:
                try:
                    self._copy(run, stream, offsets, last)
                except (SparkServiceError, ClientError, BotoCoreError) as error:
                    LOG.warning("%s of Glue job run %s not copied: %s", stream, run["Id"], error)

    def _copy(self, run: runs.Run, stream: str, offsets: dict[str, int], last: bool) -> None:
        logs, group = self._logs(), f"{run['LogGroupName']}/{STREAMS[stream]}"
        if stream not in offsets:  # what an edge that ended meanwhile had written
            with suppress(logs.exceptions.ResourceNotFoundException):
                logs.delete_log_stream(logGroupName=group, logStreamName=run["Id"])
            offsets[stream] = 0
        new = self._spark.output(run["Id"], stream, offsets[stream])
        whole = new if last else new[: new.rfind(b"\n") + 1]
        if whole or last:
            lines = whole.decode(errors="replace").splitlines()
            cloudwatch.append_lines(logs, group, run["Id"], lines)
            offsets[stream] += len(whole)


def key(job: str, run_id: str) -> str:
    """Runs are listed by the prefix `key(job, "")`; a job's name holds no control character."""
    return f"{job}\n{run_id}"
