"""Drivers started ahead of their jobs, as EMR Serverless does with initial capacity."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from services.spark.processes import Guarded
from services.spark.session_conf import session_conf
from services.spark.settings import Settings

READY_SECONDS = 180.0
RETRY_SECONDS = 2.0
LOG = logging.getLogger(__name__)


class DriverError(Exception):
    """No driver became ready; the message says why."""


class Driver:
    """A process with a session: it takes one job, then it is gone."""

    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self._folder = settings.drivers_dir / uuid.uuid4().hex
        self._folder.mkdir(parents=True)
        reading, writing = os.pipe()
        self._ready: IO[str] = os.fdopen(reading)
        conf = json.dumps(session_conf(settings))
        with self._open("stdout") as out, self._open("stderr") as err:
            self.process = Guarded(
                [sys.executable, "-m", "services.spark.driver", str(writing), conf],
                environment=environment,
                folder=Path.cwd(),
                output=(out, err),
                stdin=subprocess.PIPE,
                pass_fds=(writing,),
            )
        os.close(writing)
        self.application: dict[str, Any] = {}

    def wait_until_ready(self) -> None:
        """Blocks until the session is warm; raises DriverError where the process ends before."""
        with self._ready:
            line = self._ready.readline()
        if not line:
            text = (self._folder / "stderr").read_text(errors="replace")[-1000:]
            self.discard()
            raise DriverError(f"A Spark driver ended while it was starting:\n{text}")
        self.application = json.loads(line)

    def give(self, job: dict[str, Any], folder: Path) -> None:
        """Hand over the job; from here on the driver's output is that of the run in `folder`."""
        for stream in ("stdout", "stderr"):
            os.truncate(self._folder / stream, 0)  # what the warm-up printed
            (self._folder / stream).replace(folder / stream)
        self._folder.rmdir()
        assert self.process.stdin is not None
        with self.process.stdin as stdin:
            stdin.write((json.dumps(job) + "\n").encode())

    def discard(self) -> None:
        self.process.end()
        shutil.rmtree(self._folder)

    def _open(self, stream: str) -> IO[bytes]:
        return (self._folder / stream).open("ab")


class Pool:
    """Keeps one driver warm always, and `settings.warm_drivers` while nothing runs.

    A pipeline's next job follows the running ones and should not wait for its driver.
    """

    def __init__(
        self, settings: Settings, environment: dict[str, str], is_idle: Callable[[], bool]
    ) -> None:
        self._settings, self._environment, self._is_idle = settings, environment, is_idle
        self._warm: deque[Driver] = deque()
        self._wanted = 0
        self._failure: DriverError | None = None
        self._changed = threading.Condition()
        shutil.rmtree(settings.drivers_dir, ignore_errors=True)  # of a service that was killed
        threading.Thread(target=self._replenish, name="drivers", daemon=True).start()

    @property
    def size(self) -> int:
        return len(self._warm)

    def take(self, is_cancelled: Callable[[], bool]) -> Driver | None:
        """A warm driver, or the next one to become warm; None once the run is cancelled."""
        deadline = time.monotonic() + READY_SECONDS
        with self._changed:
            self._wanted += 1
            self._failure = None
            try:
                while not is_cancelled():
                    if self._warm and (driver := self._warm.popleft()).process.is_alive():
                        return driver
                    if self._failure or time.monotonic() > deadline:
                        raise self._failure or late()
                    if not self._warm:
                        self._changed.wait(0.2)
            finally:
                self._wanted -= 1
        return None

    def _replenish(self) -> None:
        while True:
            if self._needs_one():
                self._start_one()
            else:
                time.sleep(0.2)

    def _needs_one(self) -> bool:
        for driver in [known for known in list(self._warm) if not known.process.is_alive()]:
            with self._changed:
                if driver in self._warm:
                    self._warm.remove(driver)
                    driver.discard()
        if len(self._warm) < self._wanted:
            return True
        room = len(self._warm) < self._settings.warm_drivers
        return room and (not self._warm or self._is_idle())

    def _start_one(self) -> None:
        since = time.monotonic()
        driver = Driver(self._settings, self._environment)
        try:
            driver.wait_until_ready()
        except DriverError as error:
            LOG.error("%s", error)
            with self._changed:
                self._failure = error
                self._changed.notify_all()
            time.sleep(RETRY_SECONDS)
            return
        LOG.info("a driver is warm after %.1f s", time.monotonic() - since)
        with self._changed:
            self._warm.append(driver)
            self._changed.notify_all()


def late() -> DriverError:
    return DriverError(f"No Spark driver became ready within {READY_SECONDS:.0f} s")
