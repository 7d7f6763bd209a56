"""An updated function ends the invocations that it has begun, as on AWS, before it is stopped.

LocalStack stops the environments of the old version at once, whatever they are doing
(LambdaVersionManager.stop in localstack/services/lambda_/invocation/version_manager.py).
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from localstack.runtime import events
from localstack.services.lambda_.invocation.execution_environment import RuntimeStatus
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.utils.patch import Patch

BUSY = (RuntimeStatus.STARTING, RuntimeStatus.INVOKING)
POLL_SECONDS = 0.2
Stop = Callable[[Any], None]


def apply() -> None:
    after_invocations = _after_invocations(LambdaVersionManager.stop)
    Patch(LambdaVersionManager, "stop", after_invocations).apply()


def _after_invocations(stop: Stop) -> Stop:
    @functools.wraps(stop)
    def patient(version: Any) -> None:
        if not _is_busy(version) or events.infra_stopping.is_set():
            stop(version)
            return
        arguments = (stop, version)
        threading.Thread(target=_stop_when_idle, args=arguments, daemon=True).start()

    return patient


def _stop_when_idle(stop: Stop, version: Any) -> None:
    """An invocation ends by its function's time limit at the latest."""
    while _is_busy(version) and not events.infra_stopping.wait(POLL_SECONDS):
        pass
    stop(version)


def _is_busy(version: Any) -> bool:
    environments = version.assignment_service.environments.get(version.id, {})
    return any(environment.status in BUSY for environment in list(environments.values()))
