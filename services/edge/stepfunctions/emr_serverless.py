"""The Step Functions integration `emr-serverless`, with `.sync` where AWS has it.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
"""

from __future__ import annotations

from typing import Any

from botocore.model import MapShape
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEventException,
)

from services.edge.stepfunctions.casing import capital, pascal_case, small
from services.edge.stepfunctions.failures import TellingTask
from services.edge.stepfunctions.sync_task import Wait

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


class EmrServerlessIntegration(TellingTask):
    """Calls the endpoint's EMR Serverless with boto3 and answers in PascalCase."""

    service, error_prefix = "emr-serverless", "EMRServerless"

    def _get_supported_parameters(self) -> set[str] | None:
        action = self._get_boto_service_action()
        if action not in WAITS:
            return None
        return {capital(name) for name in self._operation(action).input_shape.members}

    def _to_boto_request_value(self, request_value: Any, value_shape: Any) -> Any:
        if isinstance(value_shape, MapShape) and isinstance(request_value, dict):
            return {
                key: self._to_boto_request_value(one, value_shape.value)
                for key, one in request_value.items()
            }
        return super()._to_boto_request_value(request_value, value_shape)

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Document,
        state_credentials: Any,
    ) -> None:
        action = self._get_boto_service_action()
        response = self._response(resource_runtime_part, normalised_parameters, state_credentials)
        if action in ("start_application", "stop_application", "delete_application"):
            response = {"applicationId": normalised_parameters["applicationId"]}
        env.stack.append(_named(response))

    def _build_sync_resolver(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Document,
        state_credentials: Any,
    ) -> Wait:
        action = self._get_boto_service_action()
        (read, field, ids), good, bad = WAITS[action]
        answered = {small(name): value for name, value in env.stack.pop().items()}
        submitted = {**normalised_parameters, **answered}
        known = {name: submitted[name] for name in ids}
        client = self._client(resource_runtime_part, state_credentials)
        shape = self._operation(read).output_shape.members[field]

        def look() -> Document | None:
            found = getattr(client, read)(**known)[field]
            document: Document = pascal_case(found, shape)
            if document["State"] == good:
                return document if action == "start_job_run" else _named(known)
            if document["State"] in bad:
                raise FailureEventException(self._task_failed(env, document))
            return None

        def cancel() -> None:
            if action == "start_job_run":
                client.cancel_job_run(**known)

        return Wait(look, cancel)

    def _operation(self, action: str) -> Any:
        return self._get_boto_operation_model(self.service, action)


def _named(known: Document) -> Document:
    return {capital(name): value for name, value in known.items()}
