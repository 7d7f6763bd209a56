"""A Spark service that the test plays step by step, and what follows EMR job runs in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.edge.emr_serverless.documents import applications, job_runs
from services.edge.emr_serverless.engine import follower, lifecycle
from services.edge.emr_serverless.store import Store
from services.edge.spark_client import SparkServiceError
from services.edge.store.records import Records

ARN = "arn:aws:emr-serverless:us-east-1:000000000000:"


class PlayedSpark:
    """Holds runs as the Spark service does; the test decides how each one goes on."""

    def __init__(self) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.submitted: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self.reachable = True
        self.at_submission: Any = lambda: None

    def _check(self) -> None:
        if not self.reachable:
            raise SparkServiceError("Spark service cannot be reached", refused=False)

    def health(self) -> dict[str, Any]:
        self._check()
        return {"status": "ok"}

    def submit(self, run: dict[str, Any]) -> dict[str, Any]:
        self._check()
        self.at_submission()
        self.submitted.append(run)
        self.runs.setdefault(run["run_id"], {"version": 0, **_spark("QUEUED")})
        return self.runs[run["run_id"]]

    def cancel(self, run_id: str) -> None:
        self._check()
        if run_id not in self.runs:
            raise SparkServiceError(f"no run {run_id}", refused=True)
        self.become(run_id, "CANCELLED", ended_at=60.0)

    def output(self, run_id: str, stream: str, offset: int = 0) -> bytes:
        self._check()
        return f"{stream} of {run_id}\n".encode()[offset:]

    def become(self, run_id: str, state: str, **changes: Any) -> None:
        with self.changed:
            version = self.runs[run_id]["version"] + 1
            self.runs[run_id] = {**_spark(state), **changes, "version": version}
            self.changed.notify_all()

    def follow(self, run_id: str) -> Iterator[dict[str, Any]]:
        seen = -1
        if run_id not in self.runs:
            raise SparkServiceError(f"no run {run_id}", refused=True)
        while True:
            with self.changed:
                self.changed.wait_for(lambda s=seen: self.runs[run_id]["version"] != s, 0.05)
                run = self.runs[run_id]
            self._check()
            if run["version"] != seen:
                seen = run["version"]
                yield run
            if run["state"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return


def _spark(state: str) -> dict[str, Any]:
    started = None if state == "QUEUED" else 10.0
    return {
        "state": state,
        "started_at": started,
        "ended_at": None,
        "exit_code": None,
        "error": None,
    }


class Desk:
    """An application, what follows its runs, and what reached S3."""

    def __init__(self, path: Path, spark: PlayedSpark) -> None:
        self.store, self.spark = Store(Records(path)), spark
        self.objects: dict[str, str] = {}
        identities = follower.Identities(
            client=lambda *_: self,
            administrator=lambda *_: self,
            role=lambda run: {"of": run["executionRole"]},
        )
        self.follower = follower.Follower(self.store, spark, identities)  # type: ignore[arg-type]
        self.lifecycle = lifecycle.Lifecycle(self.store, spark)  # type: ignore[arg-type]
        request = {"releaseLabel": "emr-7.12.0", "type": "SPARK"}
        made = applications.created(request, ARN, "00app", 1.0)
        self.application = self.store.save({**made, "state": "STARTED"})

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        run = self.store.runs(self.application)[0]
        self.objects[f"{Bucket}/{Key}"] = run["state"]

    def submitted(self, **request: Any) -> dict[str, Any]:
        """A recorded run that nobody follows; without a time limit, as it started in 1970."""
        asked = {
            "executionRoleArn": "arn:aws:iam::000000000000:role/emr",
            "jobDriver": {"sparkSubmit": {"entryPoint": "s3://b/k.py"}},
            "executionTimeoutMinutes": 0,
            **request,
        }
        return self.store.save(job_runs.submitted(asked, self.application, "me", "00run", 5.0))

    def start(self, **request: Any) -> None:
        self.follower.start(self.submitted(**request))

    def until(self, state: str, **also: Any) -> dict[str, Any]:
        deadline = time.monotonic() + 5
        while True:
            run = self.store.runs(self.application)[0]
            if run["state"] == state and also.items() <= run.items():
                return run
            assert time.monotonic() < deadline, f"{run['state']}, expected {state} {also}"
            time.sleep(0.005)
