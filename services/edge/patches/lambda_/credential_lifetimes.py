"""An execution environment takes no invocation that its credentials may end in: a new one does.

LocalStack gives each environment credentials for twelve hours, and keeps one that is called often
for ever (get_credentials in localstack/services/lambda_/invocation/execution_environment.py).
"""

from __future__ import annotations

import time
from typing import Any

from localstack.services.lambda_.invocation import execution_environment
from localstack.services.lambda_.invocation.execution_environment import (
    ExecutionEnvironment,
    InvalidStatusException,
    RuntimeStatus,
)
from localstack.utils.patch import patch


def apply() -> None:
    @patch(ExecutionEnvironment.get_credentials)
    def get_credentials(original: Any, self: Any) -> Any:
        given = original(self)
        self.credentials_end = given["Expiration"].timestamp()
        return given

    @patch(ExecutionEnvironment.reserve)
    def reserve(original: Any, self: Any) -> None:
        with self.status_lock:
            if self.status == RuntimeStatus.READY and is_over(self, time.time()):
                self.status = RuntimeStatus.TIMING_OUT
                # Not here: whoever asks goes through the environments that there are.
                execution_environment.Timer(0, lambda: _end(self)).start()
                raise InvalidStatusException(f"The credentials of environment {self.id} are old")
            original(self)
        self.has_worked = True


def is_over(environment: Any, now: float) -> bool:
    """Whether an invocation could outlast the credentials; the first one is never refused."""
    longest = environment.function_version.config.timeout
    ends = getattr(environment, "credentials_end", float("inf"))
    return getattr(environment, "has_worked", False) and now + longest > ends


def _end(environment: Any) -> None:
    """As LocalStack ends an environment that has been idle for long."""
    environment.keepalive_timer.cancel()
    environment.stop()
    environment.on_timeout(environment.version_manager_id, environment.id)
