"""Spark's history server, started when the pages of a run that has ended are first asked for."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import requests

from services.spark.applications import free_port
from services.spark.processes import Guarded
from services.spark.settings import LOOPBACK, Settings

# A page waits this long for the server. Java's start and reading the events took 21 s at a load of
# 5 on 2 cores; on a busier machine they take longer.
PAGE_SECONDS = 300.0
# And for an application to be in its list: one that failed before it had a start never comes there.
LISTED_SECONDS = 60.0
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


class HistoryError(Exception):
    """The history server has ended, or hangs; the message says where it logs."""


class SlowHistoryError(HistoryError):
    """It runs, but does not answer in time."""


class History:
    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self._settings, self._environment = settings, environment
        self._process: Guarded | None = None
        self._port = 0
        self._lock = threading.Lock()

    def url(self, application_id: str, seconds: float) -> str:
        """Where a browser reads the pages of an application that has ended.

        This waits for them, but no longer than the seconds: after that the pages themselves wait.
        """
        with suppress(SlowHistoryError):
            self.address(application_id, seconds)
        return self._settings.history_url(application_id)

    def address(self, application_id: str = "", seconds: float = PAGE_SECONDS) -> str:
        """Where this service finds the server, started where it was not, with the application read.

        Until its events are read the server answers 404: after its start, and for 2 s after a run.
        """
        deadline = time.monotonic() + seconds
        process, address = self._running()
        wait_for(address, process, deadline, f"does not answer: see {self._log}")
        with suppress(SlowHistoryError):
            if application_id and any(self._settings.events_dir.glob(f"{application_id}*")):
                listed = f"{address}/api/v1/applications/{application_id}"
                end = min(deadline, time.monotonic() + LISTED_SECONDS)
                wait_for(listed, process, end, f"has ended: see {self._log}")
        return address

    def _running(self) -> tuple[Guarded, str]:
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._port = free_port(LOOPBACK)
                self._process = self._started()
            return self._process, f"http://{LOOPBACK}:{self._port}"

    @property
    def _log(self) -> Path:
        return self._settings.data_dir / "history.log"

    def _started(self) -> Guarded:
        options = {
            "spark.history.fs.logDirectory": self._settings.events_dir.as_uri(),
            "spark.history.ui.port": self._port,
            "spark.history.fs.update.interval": "2s",
        }
        environment = {
            **self._environment,
            "SPARK_LOCAL_IP": LOOPBACK,
            "SPARK_DAEMON_MEMORY": "512m",
            "SPARK_DAEMON_JAVA_OPTS": JAVA_OPTIONS,
            "SPARK_HISTORY_OPTS": " ".join(f"-D{name}={value}" for name, value in options.items()),
        }
        spark_class = str(Path(sys.executable).parent / "spark-class")
        with self._log.open("ab") as log:
            return Guarded(
                [spark_class, "org.apache.spark.deploy.history.HistoryServer"],
                environment=environment,
                folder=self._settings.data_dir,
                output=(log, log),
            )


def wait_for(url: str, process: Guarded, deadline: float, otherwise: str) -> None:
    while not answers(url):
        if not process.is_alive():
            raise HistoryError(f"Spark's history server {otherwise}")
        if time.monotonic() > deadline:
            raise SlowHistoryError(f"Spark's history server {otherwise}")
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
