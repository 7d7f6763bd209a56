"""Starts an application when Spark takes jobs, and stops it when it has been idle."""

from __future__ import annotations

import logging
import threading
import time

from services.edge.aws.spark_retries import retry_unreachable
from services.edge.emr_serverless.documents import application_states as states
from services.edge.emr_serverless.store import Document, Store
from services.edge.spark_client import SparkClient, SparkServiceError

LOG = logging.getLogger(__name__)
IDLE_CHECK_SECONDS = 5.0
STARTING_SECONDS = 10.0  # so long Spark may be out of reach before the start has failed


class Lifecycle:
    """Nothing is started or stopped but the acceptance of jobs: capacity is the Spark service's."""

    def __init__(self, store: Store, spark: SparkClient) -> None:
        self._store, self._spark = store, spark

    def resume(self) -> None:
        """Go on with the starts that were under way, and watch for idle applications."""
        for application in self._store.applications():
            if application["state"] == "STARTING":
                self._begin(application)
        threading.Thread(target=self._watch, name="emr-auto-stop", daemon=True).start()

    def start(self, application: Document) -> None:
        self._move(application, states.asked_to_start(application, time.time()))

    def ready_for_job(self, application: Document) -> None:
        self._move(application, states.ready_for_job(application, time.time()))

    def stop(self, application: Document) -> None:
        with self._store.lock:
            runs = self._store.runs(application)
            active = sum("endedAt" not in run for run in runs)
            now = time.time()
            asked = states.asked_to_stop(application, active_runs=active, now=now)
            self._store.save(states.stopped(asked, now))

    def stop_idle(self, now: float) -> None:
        with self._store.lock:
            for application in self._store.applications():
                if states.idle(application, self._store.runs(application), now):
                    LOG.info("Application %s is idle: stopped", application["applicationId"])
                    self.stop(application)

    def _move(self, before: Document, after: Document) -> None:
        if after["state"] != before["state"]:
            self._store.save(after)
            self._begin(after)

    def _begin(self, application: Document) -> None:
        identifier = application["applicationId"]
        name = f"emr-start-{identifier}"
        threading.Thread(target=self._finish, args=(application,), name=name, daemon=True).start()

    def _finish(self, application: Document) -> None:
        try:
            retry_unreachable(self._spark.health, STARTING_SECONDS)
        except SparkServiceError as error:
            cause = str(error)
            LOG.error("Application %s is not started: %s", application["applicationId"], cause)
            self._store.change_application(
                application, lambda present: states.not_started(present, cause, time.time())
            )
        else:
            self._store.change_application(
                application, lambda present: states.started(present, time.time())
            )

    def _watch(self) -> None:
        while True:
            time.sleep(IDLE_CHECK_SECONDS)
            self.stop_idle(time.time())
