"""Idle environments of Lambda functions are counted out by one thread.

LocalStack 4.9.2 starts a thread by each invocation, which waits ten minutes to end the environment
or, as a rule, to be told not to (lambda_/invocation/execution_environment.py).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from localstack.services.lambda_.invocation import execution_environment
from localstack.utils.patch import Patch

CHECK_SECONDS = 0.5


def apply() -> None:
    Patch(execution_environment, "Timer", Clock().timer).apply()


class Clock:
    """Calls what is due, each in a thread of its own: to stop an environment takes a while."""

    def __init__(self) -> None:
        self._due: dict[Timer, float] = {}
        self._lock = threading.Lock()
        self._is_running = False

    def timer(self, seconds: float, function: Callable[[], Any]) -> Timer:
        return Timer(self, seconds, function)

    def start(self, timer: Timer, seconds: float) -> None:
        with self._lock:
            self._due[timer] = time.monotonic() + seconds
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="lambda-clock", daemon=True).start()

    def cancel(self, timer: Timer) -> None:
        with self._lock:
            self._due.pop(timer, None)

    def _run(self) -> None:
        while True:
            time.sleep(CHECK_SECONDS)
            for timer in self._taken(time.monotonic()):
                threading.Thread(target=timer.function, name="lambda-timer", daemon=True).start()

    def _taken(self, now: float) -> list[Timer]:
        with self._lock:
            due = [timer for timer, at in self._due.items() if at <= now]
            for timer in due:
                del self._due[timer]
        return due


class Timer:
    """As threading.Timer, but without a thread."""

    def __init__(self, clock: Clock, seconds: float, function: Callable[[], Any]) -> None:
        self._clock, self._seconds, self.function = clock, seconds, function

    def start(self) -> None:
        self._clock.start(self, self._seconds)

    def cancel(self) -> None:
        self._clock.cancel(self)
