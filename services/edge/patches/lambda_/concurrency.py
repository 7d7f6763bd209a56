"""A burst of invocations waits for its turn, and is refused as AWS does where that takes too long.

LocalStack 4.9.2 starts an environment for each invocation that finds none idle
(lambda_/invocation/assignment.py): a burst became so many interpreters that all of them ran out of
time. Here an invocation first waits as long as a start would take: where others end meanwhile, it
takes their place. Otherwise the function gets more, as many at a time as there are cores.
"""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from localstack.aws.api.lambda_ import ThrottleReason, TooManyRequestsException
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.utils.patch import Patch

AT_ONCE = 64
STARTING_AT_ONCE = max(2, os.cpu_count() or 1)
WAIT_SECONDS = 25.0  # API Gateway gives up after 29 s
CHECK_SECONDS = 0.1
# Another environment is started where none has become free for so long, or one invocation has
# waited so long: a start costs about 0.3 s of a core, of which a laptop has few.
START_SECONDS = 0.3
PATIENCE_SECONDS = 1.0
Invoke = Callable[..., Any]


def apply() -> None:
    in_turn = _in_turn(LambdaVersionManager.invoke)
    Patch(LambdaVersionManager, "invoke", in_turn).apply()


class Turns:
    """Which invocations of a version are going on; `ready` counts its started environments."""

    def __init__(self, ready: Callable[[], int]) -> None:
        self._ready = ready
        self._going = 0
        self._freed_at = 0.0
        self._changed = threading.Condition()

    def take(self, seconds: float = WAIT_SECONDS) -> bool:
        """Wait for a turn; false where none came in time, and nothing has been run."""
        began = time.monotonic()
        with self._changed:
            while not self._is_free(began, time.monotonic()):
                if time.monotonic() > began + seconds:
                    return False
                self._changed.wait(CHECK_SECONDS)  # a start that has ended tells no one
            self._going += 1
            return True

    def give_back(self) -> None:
        with self._changed:
            self._going -= 1
            self._freed_at = time.monotonic()
            self._changed.notify()

    def _is_free(self, began: float, now: float) -> bool:
        ready = self._ready()
        if self._going < min(AT_ONCE, ready):
            return True
        may_start = (
            ready == 0
            or now - max(began, self._freed_at) >= START_SECONDS
            or now - began >= PATIENCE_SECONDS
        )
        return may_start and self._going < min(AT_ONCE, ready + STARTING_AT_ONCE)


def _in_turn(invoke: Invoke) -> Invoke:
    lock = threading.Lock()

    @functools.wraps(invoke)
    def patient(version: Any, *, invocation: Any) -> Any:
        with lock:
            turns = version.__dict__.setdefault("_turns", Turns(lambda: _ready(version)))
        if not turns.take():
            raise TooManyRequestsException(
                "Rate Exceeded.",
                Reason=ThrottleReason.ConcurrentInvocationLimitExceeded,
                Type="User",
            )
        try:
            return invoke(version, invocation=invocation)
        finally:
            turns.give_back()

    return patient


def _ready(version: Any) -> int:
    """LocalStack lists an environment once it has started."""
    return len(version.assignment_service.environments.get(version.id, {}))
