"""The Step Functions integration `athena`: queries are started, waited for, read and stopped.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
"""

from __future__ import annotations

from typing import Any

from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEventException,
)

from services.edge.stepfunctions.failures import TellingTask
from services.edge.stepfunctions.sync_task import Wait

Document = dict[str, Any]
START = "start_query_execution"
ACTIONS = (START, "stop_query_execution", "get_query_execution", "get_query_results")


class AthenaIntegration(TellingTask):
    """startQueryExecution (.sync too), stopQueryExecution, getQueryExecution, getQueryResults."""

    service, error_prefix = "athena", "Athena"

    def _get_supported_parameters(self) -> set[str] | None:
        action = self._get_boto_service_action()
        if action not in ACTIONS:
            return None
        shape = self._get_boto_operation_model(self.service, action).input_shape
        return set(shape.members)

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Document,
        state_credentials: Any,
    ) -> None:
        answered = self._response(resource_runtime_part, normalised_parameters, state_credentials)
        env.stack.append(answered)

    def _build_sync_resolver(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Document,
        state_credentials: Any,
    ) -> Wait:
        del normalised_parameters
        client = self._client(resource_runtime_part, state_credentials)
        known = env.stack.pop()

        def look() -> Document | None:
            found: Document = client.get_query_execution(**known)["QueryExecution"]
            state = found["Status"]["State"]
            if state == "SUCCEEDED":
                return {"QueryExecution": found}
            if state in ("FAILED", "CANCELLED"):
                raise FailureEventException(self._task_failed(env, {"QueryExecution": found}))
            return None

        return Wait(look, lambda: client.stop_query_execution(**known))
