"""Processes of jobs: each heads a session of its own, under a guard, and cannot outlive us."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from services.spark import guard


class Guarded:
    """A running command; its whole session ends with it, when asked to, or with the service."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: dict[str, str],
        folder: Path,
        output: tuple[IO[bytes], IO[bytes]],
        stdin: int = subprocess.DEVNULL,
        pass_fds: Sequence[int] = (),
    ) -> None:
        reading, self._lifeline = os.pipe()
        words = [str(reading), json.dumps(list(pass_fds)), json.dumps(list(command))]
        self._popen = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, *words],
            env=environment,
            cwd=folder,
            stdin=stdin,
            stdout=output[0],
            stderr=output[1],
            pass_fds=[reading, *pass_fds],
            start_new_session=True,
        )
        os.close(reading)
        self._ending = threading.Lock()
        self.stdin = self._popen.stdin

    @property
    def pid(self) -> int:
        """The guard, and the session."""
        return self._popen.pid

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def members(self) -> set[int]:
        """The processes of the session, the guard included."""
        return guard.members(self.pid)

    def end_all_but(self, kept: set[int]) -> None:
        """Blocks until no other process of the session is left."""
        while others := self.members() - kept:
            guard.send(signal.SIGKILL, others)
            time.sleep(0.01)

    def wait(self) -> int:
        """The command's exit code, 128 + n where signal n ended it; nothing it started is left."""
        self._popen.wait()
        self.end()
        return guard.exit_code(self._popen.returncode)

    def send(self, number: signal.Signals) -> None:
        """Send it to all processes of the session, but to the guard."""
        guard.send(number, guard.members(self.pid) - {self.pid})

    def end(self, grace_seconds: float = guard.GRACE_SECONDS) -> None:
        """Blocks until no process of the session is left."""
        with self._ending:
            if self._lifeline < 0:
                return
            guard.end_session(self.pid, grace_seconds)
            self._popen.wait()
            os.close(self._lifeline)
            self._lifeline = -1
