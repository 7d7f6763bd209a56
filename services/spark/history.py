"""Spark's history server, started when the pages of a run that has ended are first asked for."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import requests

from services.spark.processes import Guarded
from services.spark.settings import Settings

START_SECONDS = 25.0


class HistoryError(Exception):
    """The history server does not show the run; the message says where it logs."""


class History:
    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self._settings, self._environment = settings, environment
        self._process: Guarded | None = None
        self._lock = threading.Lock()

    def url(self, application_id: str) -> str:
        """The pages of an application that has ended, once they can be read."""
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._process = self._started()
            process = self._process
        url = self._settings.history_url(application_id)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.is_alive():
            if answers(url):
                return url
            time.sleep(0.2)
        raise HistoryError(f"{url} does not answer: see {self._log}")

    @property
    def _log(self) -> Path:
        return self._settings.data_dir / "history.log"

    def _started(self) -> Guarded:
        options = {
            "spark.history.fs.logDirectory": self._settings.events_dir.as_uri(),
            "spark.history.ui.port": self._settings.history_port,
            "spark.history.fs.update.interval": "2s",
        }
        environment = {
            **self._environment,
            "SPARK_LOCAL_IP": self._settings.host,
            "SPARK_DAEMON_MEMORY": "512m",
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


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
