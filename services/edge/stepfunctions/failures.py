"""How this project's integrations call a service, and fail: by its error, or a job's document."""

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
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str

from services.edge.stepfunctions.sync_task import SyncTask


class TellingTask(SyncTask):
    """A task that calls one service with boto3; its API errors are called `<prefix>.<code>`."""

    service: str
    error_prefix: str

    def _client(self, resource_runtime_part: Any, state_credentials: Any) -> Any:
        return boto_client_for(
            service=self.service,
            region=resource_runtime_part.region,
            state_credentials=state_credentials,
        )

    def _response(
        self, resource_runtime_part: Any, parameters: dict[str, Any], state_credentials: Any
    ) -> dict[str, Any]:
        """What the state's own call answers."""
        client = self._client(resource_runtime_part, state_credentials)
        response: dict[str, Any] = getattr(client, self._get_boto_service_action())(**parameters)
        response.pop("ResponseMetadata", None)
        return response

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
