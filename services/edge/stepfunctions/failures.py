"""How this project's integrations fail a task: the API's error, or the job's document as cause."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api.stepfunctions import HistoryEventType, TaskFailedEventDetails
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str

from services.edge.stepfunctions.sync_task import SyncTask


class TellingTask(SyncTask):
    """A task whose API errors are called `<prefix>.<code>`."""

    error_prefix: str

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        error = f"{self.error_prefix}.{ex.response['Error']['Code']}"
        return self._failure(env, CustomErrorName(error), error, ex.response["Error"]["Message"])

    def _task_failed(self, env: Any, document: dict[str, Any]) -> Any:
        name = StatesErrorNameType.StatesTaskFailed
        cause = to_json_str(document)
        return self._failure(env, StatesErrorName(typ=name), name.to_name(), cause)

    def _failure(self, env: Any, name: Any, error: str, cause: str) -> Any:
        details = TaskFailedEventDetails(
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
            error=error,
            cause=cause,
        )
        return FailureEvent(
            env=env,
            error_name=name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
