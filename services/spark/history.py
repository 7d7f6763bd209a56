"""Spark's history server, started when the UI of a run that has ended is first asked for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from services.spark.drivers import kill_group
from services.spark.settings import Settings

START_SECONDS = 30.0


class History:
    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self._settings, self._environment = settings, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def url(self, application_id: str) -> str:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
        return f"http://127.0.0.1:{self._settings.history_port}/history/{application_id}/jobs/"

    def close(self) -> None:
        if self._process is not None:
            kill_group(self._process)

    def _start(self) -> None:
        spark_class = str(Path(sys.executable).parent / "spark-class")
        options = (
            f"-Dspark.history.fs.logDirectory={self._settings.events_dir.as_uri()}"
            f" -Dspark.history.ui.port={self._settings.history_port}"
            " -Dspark.history.fs.update.interval=2s"
        )
        with (self._settings.data_dir / "history.log").open("ab") as log:
            self._process = subprocess.Popen(
                [spark_class, "org.apache.spark.deploy.history.HistoryServer"],
                env={**os.environ, **self._environment, "SPARK_HISTORY_OPTS": options},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._settings.history_port)) == 0:
                    return
            time.sleep(0.2)
        raise TimeoutError(f"the history server did not start within {START_SECONDS:.0f} s")
