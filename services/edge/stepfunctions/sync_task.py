"""What `.sync` needs beyond LocalStack's: a task given up is cancelled, and one can be retried."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.resource import (  # noqa: E501
    ResourceCondition,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service import (  # noqa: E501
    StateTaskService,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wait:
    """Looked at until it answers something; cancelled where nobody wants the answer any more."""

    look: Callable[[], Any]
    cancel: Callable[[], object]

    def __call__(self) -> Any:
        return self.look()


class SilentWhenGivenUp(StateTaskService):  # type: ignore[misc]
    """Keeps a task that was stopped or timed out from adding TaskSucceeded to the history."""

    def _after_eval_execution(self, env: Any, **task: Any) -> None:
        if env.is_running():
            super()._after_eval_execution(env=env, **task)


class SyncTask(StateTaskServiceCallback, SilentWhenGivenUp):  # type: ignore[misc]
    """A task whose `_build_sync_resolver` answers a `Wait`."""

    def __init__(self) -> None:
        # Without WaitForTaskToken no callback endpoint is made, and `.sync` fails for want of it.
        patterns = {ResourceCondition.Sync, ResourceCondition.WaitForTaskToken}
        StateTaskServiceCallback.__init__(self, supported_integration_patterns=patterns)

    def _validate_service_integration_is_supported(self) -> None:
        super()._validate_service_integration_is_supported()
        if self.resource.condition not in (None, ResourceCondition.Sync):
            raise ValueError(
                f"The resource provided {self.resource.resource_arn} is not recognized:"
                " this service has no integration pattern but request and response, and .sync."
            )

    def _eval_sync(self, env: Any, sync_resolver: Wait, **_: Any) -> Any:
        # No endpoint is listened to: after a first attempt it stays interrupted, and every retry
        # would time out at once. TimeoutSeconds is watched over by the state itself.
        answer = super()._eval_sync(
            env=env,
            sync_resolver=sync_resolver,
            timeout_seconds=None,
            callback_endpoint=None,
            heartbeat_endpoint=None,
        )
        if answer is None:
            self._cancel(sync_resolver)
        return answer

    def _cancel(self, wait: Wait) -> None:
        try:
            wait.cancel()
        except ClientError as error:  # it may have ended meanwhile
            LOG.warning("%s was given up, not cancelled: %s", self.resource.resource_arn, error)
