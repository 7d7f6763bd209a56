"""Python processes of jobs, one started ahead: it has loaded PySpark when its job comes."""

from __future__ import annotations

import json
import shutil
import socket
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from services.spark.jvm import Gateway
from services.spark.processes import Guarded
from services.spark.settings import Settings

# A new one loads PySpark while the job that took the last one begins its work.
NEXT_SECONDS = 1.0


class Driver:
    """A Python process: it takes one job, then it is gone."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self._folder = settings.drivers_dir / uuid.uuid4().hex
        self._folder.mkdir(parents=True)
        ours, its = socket.socketpair()
        with its, self._open("stdout") as out, self._open("stderr") as err:
            self.process = Guarded(
                [sys.executable, "-m", "services.spark.driver", str(its.fileno())],
                environment=dict(environment),
                folder=Path.cwd(),
                output=(out, err),
                pass_fds=[its.fileno()],
            )
        with ours:
            self._channel = ours.makefile("rwb")

    def write_to(self, folder: Path) -> None:
        """From here on the process's output is that of the run in `folder`."""
        for stream in ("stdout", "stderr"):
            (self._folder / stream).replace(folder / stream)
        self._folder.rmdir()

    def give(self, job: dict[str, Any]) -> None:
        """Hand over the job as services/spark/job.py describes it."""
        self._write(job)

    def needs_jvm(self) -> bool:
        """Blocks until the script asks for a JVM, or has ended without one."""
        with suppress(ConnectionError):
            return bool(self._channel.readline())
        return False

    def join(self, gateway: Gateway) -> None:
        """Tell where its JVM is; it may be told before it asks."""
        self._write(asdict(gateway))

    def end(self) -> None:
        """Blocks until none of its processes is left."""
        self.process.end()
        with suppress(OSError):  # what it has not read
            self._channel.close()

    def discard(self) -> None:
        self.end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, document: dict[str, Any]) -> None:
        self._channel.write((json.dumps(document) + "\n").encode())
        self._channel.flush()

    def _open(self, stream: str) -> IO[bytes]:
        return (self._folder / stream).open("ab")


class Drivers:
    """Keeps one process ready; a job that finds none waits while its own starts."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self._settings, self._environment = settings, environment
        self._ready: Driver | None = None
        self._taken_at = time.monotonic()
        self._lock = threading.Lock()
        shutil.rmtree(settings.drivers_dir, ignore_errors=True)  # of a service that was killed

    def take(self) -> Driver:
        with self._lock:
            driver, self._ready = self._ready, None
            self._taken_at = time.monotonic()
        if driver is not None and driver.process.is_alive():
            return driver
        if driver is not None:
            driver.discard()
        return Driver(self._settings, self._environment)

    def replenish(self) -> None:
        with self._lock:
            if self._ready is None and time.monotonic() - self._taken_at > NEXT_SECONDS:
                self._ready = Driver(self._settings, self._environment)
