"""Drivers started ahead of their jobs, as EMR Serverless does with initial capacity."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from services.spark.session_conf import session_conf
from services.spark.settings import Settings

READY_SECONDS = 180.0


class DriverError(Exception):
    """A driver did not become ready; the message holds its last output."""


class Driver:
    """A process of its own group: one job, then it is gone."""

    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self._folder = settings.data_dir / "drivers" / uuid.uuid4().hex
        self._folder.mkdir(parents=True)
        reading, writing = os.pipe()
        self._ready: IO[str] = os.fdopen(reading)
        with self._open("stdout") as out, self._open("stderr") as err:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "services.spark.driver"),
                    *(str(writing), json.dumps(session_conf(settings))),
                ],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                pass_fds=(writing,),
                start_new_session=True,
            )
        os.close(writing)
        self.application: dict[str, Any] = {}

    def wait_until_ready(self) -> None:
        """Blocks until the session is warm; raises DriverError where the process ends before."""
        line = self._ready.readline()
        self._ready.close()
        if not line:
            self.kill()
            text = (self._folder / "stderr").read_text(errors="replace")[-1000:]
            raise DriverError(f"A Spark driver ended while it was starting:\n{text}")
        self.application = json.loads(line)

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def give(self, job: dict[str, Any], folder: Path) -> None:
        """Hand over the job; from here on the driver's output is that of the run in `folder`."""
        for stream in ("stdout", "stderr"):
            os.truncate(self._folder / stream, 0)  # what the warm-up printed
            (self._folder / stream).replace(folder / stream)
        self._folder.rmdir()
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(job) + "\n").encode())
        self.process.stdin.close()

    def kill(self) -> None:
        kill_group(self.process)

    def _open(self, stream: str) -> IO[bytes]:
        return (self._folder / stream).open("ab")


class Pool:
    """Keeps one driver warm always, and `settings.warm_drivers` while nothing runs."""

    def __init__(
        self, settings: Settings, environment: dict[str, str], is_idle: Callable[[], bool]
    ) -> None:
        self._settings, self._environment, self._is_idle = settings, environment, is_idle
        self._warm: deque[Driver] = deque()
        self._all: set[Driver] = set()
        self._wanted = 0
        self._changed = threading.Condition()
        threading.Thread(target=self._replenish, name="drivers", daemon=True).start()

    @property
    def size(self) -> int:
        return len(self._warm)

    def take(self) -> Driver:
        """A warm driver, or the next one to become warm."""
        deadline = time.monotonic() + READY_SECONDS
        with self._changed:
            self._wanted += 1
            try:
                while time.monotonic() < deadline:
                    while self._warm:
                        driver = self._warm.popleft()
                        if driver.is_alive():
                            return driver
                    self._changed.wait(0.2)
            finally:
                self._wanted -= 1
        raise DriverError(f"No Spark driver became ready within {READY_SECONDS:.0f} s")

    def close(self) -> None:
        for driver in list(self._all):
            driver.kill()

    def _replenish(self) -> None:
        while True:
            if self._needs_one():
                self._start_one()
            else:
                time.sleep(0.2)

    def _needs_one(self) -> bool:
        if not self._warm:
            # A pipeline's next job follows the running ones: it should not wait for a driver.
            return bool(self._wanted or self._settings.warm_drivers)
        return self._is_idle() and len(self._warm) < self._settings.warm_drivers

    def _start_one(self) -> None:
        driver = Driver(self._settings, self._environment)
        self._all = {known for known in self._all if known.is_alive()} | {driver}
        try:
            driver.wait_until_ready()
        except DriverError as error:
            sys.stderr.write(f"{error}\n")
            time.sleep(2.0)
            return
        with self._changed:
            self._warm.append(driver)
            self._changed.notify_all()


def kill_group(process: subprocess.Popen[bytes], grace_seconds: float = 5.0) -> None:
    """End a process and all that it started: politely, then for good."""
    for sign, patience in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, sign)
            process.wait(patience)
        except ProcessLookupError:
            process.poll()
            return
        except subprocess.TimeoutExpired:
            continue
