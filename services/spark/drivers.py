"""Drivers, most started ahead of their jobs, as EMR Serverless does with initial capacity."""

from __future__ import annotations

import json
import logging
import os
import select
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
PATIENCE_SECONDS = 0.2
RETRY_SECONDS = 2.0
LOG = logging.getLogger(__name__)


class DriverError(Exception):
    """No driver became ready; the message says why."""


class Driver:
    """A process with a session: it takes one job, then it is gone."""

    def __init__(self, settings: Settings, environment: dict[str, str], *, warm: bool) -> None:
        self._folder = settings.drivers_dir / uuid.uuid4().hex
        self._folder.mkdir(parents=True)
        reading, writing = os.pipe()
        self._ready: IO[str] = os.fdopen(reading)
        program = [sys.executable, "-m", "services.spark.driver", str(writing)]
        conf = json.dumps(session_conf(settings))
        with self._open("stdout") as out, self._open("stderr") as err:
            self.process = Guarded(
                [*program, conf, *(["--warm"] if warm else [])],
                environment=environment,
                folder=Path.cwd(),
                output=(out, err),
                stdin=subprocess.PIPE,
                pass_fds=(writing,),
            )
        os.close(writing)
        self.application: dict[str, Any] = {}

    def wait_until_ready(self) -> None:
        """Blocks until it can take a job; raises DriverError where it ends before, or is late."""
        if self._ready.closed:
            return
        with self._ready:
            is_late = not select.select([self._ready], [], [], READY_SECONDS)[0]
            line = "" if is_late else self._ready.readline()
        if not line:
            text = (self._folder / "stderr").read_text(errors="replace")[-1000:]
            self.discard()
            found = f"was not ready within {READY_SECONDS:.0f} s" if is_late else "ended"
            raise DriverError(f"A Spark driver that was being started {found}:\n{text}")
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
    """Keeps `settings.warm_drivers` warm; beside running jobs only where cores are to spare.

    A session is there in 3 s and the warm-up takes 13 s more, which halves the speed of a job
    beside it on two cores: a job that finds no warm driver begins in a new session instead.
    """

    def __init__(
        self, settings: Settings, environment: dict[str, str], has_spare_cores: Callable[[], bool]
    ) -> None:
        self._settings, self._environment = settings, environment
        self._has_spare_cores = has_spare_cores
        self._warm: deque[Driver] = deque()
        self._lock = threading.Lock()
        shutil.rmtree(settings.drivers_dir, ignore_errors=True)  # of a service that was killed
        threading.Thread(target=self._replenish, name="drivers", daemon=True).start()

    @property
    def size(self) -> int:
        return len(self._warm)

    def take(self) -> Driver:
        """A warm driver, or else a new one, which is still to become ready."""
        with self._lock:
            self._discard_dead()
            if self._warm:
                return self._warm.popleft()
        return Driver(self._settings, self._environment, warm=False)

    def _discard_dead(self) -> None:
        for driver in [known for known in self._warm if not known.process.is_alive()]:
            self._warm.remove(driver)
            driver.discard()

    def _replenish(self) -> None:
        while True:
            with self._lock:
                self._discard_dead()
            if len(self._warm) < self._settings.warm_drivers and self._has_spare_cores():
                self._add_one()
            else:
                time.sleep(PATIENCE_SECONDS)

    def _add_one(self) -> None:
        since = time.monotonic()
        driver = Driver(self._settings, self._environment, warm=True)
        try:
            driver.wait_until_ready()
        except DriverError as error:
            LOG.error("%s", error)
            time.sleep(RETRY_SECONDS)
            return
        LOG.info("a driver is warm after %.1f s", time.monotonic() - since)
        with self._lock:
            self._warm.append(driver)
