"""The Step Functions integration `emr-serverless`, with `.sync` where AWS has it.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api.stepfunctions import HistoryEventType, TaskFailedEventDetails
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.resource import (  # noqa: E501
    ResourceCondition,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str

Document = dict[str, Any]

# What each call waits for with `.sync`: a read call, its document, and the good and bad ends.
APPLICATION = ("get_application", "application", ("applicationId",))
JOB_RUN = ("get_job_run", "jobRun", ("applicationId", "jobRunId"))
WAITS: dict[str, tuple[tuple[str, str, tuple[str, ...]], str, frozenset[str]]] = {
    "create_application": (APPLICATION, "CREATED", frozenset({"TERMINATED"})),
    "start_application": (APPLICATION, "STARTED", frozenset({"STOPPED", "TERMINATED"})),
    "stop_application": (APPLICATION, "STOPPED", frozenset({"TERMINATED"})),
    "delete_application": (APPLICATION, "TERMINATED", frozenset()),
    "start_job_run": (JOB_RUN, "SUCCESS", frozenset({"FAILED", "CANCELLED"})),
    "cancel_job_run": (JOB_RUN, "CANCELLED", frozenset({"FAILED", "SUCCESS"})),
}


class EmrServerlessIntegration(StateTaskServiceCallback):  # type: ignore[misc]
    """Calls the endpoint's EMR Serverless with boto3 and answers in PascalCase."""

    def __init__(self) -> None:
        # Without WaitForTaskToken no callback endpoint is made, and `.sync` fails for want of it.
        super().__init__({ResourceCondition.Sync, ResourceCondition.WaitForTaskToken})

    def _get_supported_parameters(self) -> set[str] | None:
        action = self._get_boto_service_action()
        if action not in WAITS:
            return None
        members = self._get_boto_operation_model("emr-serverless", action).input_shape.members
        return {self._to_sfn_cased(name) for name in members}

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Document,
        *_: Any,
        **k: Any,
    ) -> None:
        action = self._get_boto_service_action()
        client = self._client(resource_runtime_part, k["state_credentials"])
        response = getattr(client, action)(**normalised_parameters)
        response.pop("ResponseMetadata", None)
        if action in ("start_application", "stop_application", "delete_application"):
            response = {"applicationId": normalised_parameters["applicationId"]}
        env.stack.append(response)

    def _build_sync_resolver(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Document,
        state_credentials: Any,
    ) -> Callable[[], Any]:
        action = self._get_boto_service_action()
        (read, field, ids), good, bad = WAITS[action]
        submitted = {**normalised_parameters, **_lower_first(env.stack.pop())}
        known = {name: submitted[name] for name in ids}
        client = self._client(resource_runtime_part, state_credentials)

        def resolve() -> Document | None:
            document: Document = getattr(client, read)(**known)[field]
            if document["state"] == good:
                return self._output(action, known, document)
            if document["state"] in bad:
                raise FailureEventException(self._task_failed(env, pascal_case(document)))
            return None

        return resolve

    @staticmethod
    def _output(action: str, known: Document, document: Document) -> Document:
        answer: Document = pascal_case(document if action == "start_job_run" else known)
        return answer

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        error = f"EMRServerless.{ex.response['Error']['Code']}"
        return self._failure(env, CustomErrorName(error), error, ex.response["Error"]["Message"])

    def _task_failed(self, env: Any, document: Document) -> Any:
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

    def _wait_for_task_token(self, *_: Any) -> None:
        raise RuntimeError(f"{self.resource.resource_arn} has no .waitForTaskToken")

    @staticmethod
    def _client(resource_runtime_part: Any, state_credentials: Any) -> Any:
        return boto_client_for(
            service="emr-serverless",
            region=resource_runtime_part.region,
            state_credentials=state_credentials,
        )


def pascal_case(value: Any) -> Any:
    """The names of an API document as Step Functions writes them; values and tags as they are."""
    if isinstance(value, list):
        return [pascal_case(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name[:1].upper() + name[1:]: one if name == "tags" else pascal_case(one)
        for name, one in value.items()
    }


def _lower_first(document: Document) -> Document:
    return {name[:1].lower() + name[1:]: value for name, value in document.items()}
