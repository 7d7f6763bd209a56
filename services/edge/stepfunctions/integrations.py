"""Add this project's integration to LocalStack's Step Functions, and mend its own `glue`."""

from __future__ import annotations

from typing import Any

POLL_SECONDS = 0.2  # LocalStack looks every 0.5 s: a pipeline of four jobs waits for it four times


def add() -> None:
    """Call once, before the first state machine is parsed."""
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
        state_task_factory,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (  # noqa: E501
        state_task_service_callback,
        state_task_service_glue,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.resource import (  # noqa: E501
        ResourceCondition,
    )

    from services.edge.stepfunctions.emr_serverless import EmrServerlessIntegration

    # LocalStack's glue registers Sync alone; then no callback endpoint is made, and `.sync` fails.
    state_task_service_glue._SUPPORTED_INTEGRATION_PATTERNS.add(ResourceCondition.WaitForTaskToken)
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = POLL_SECONDS
    original = state_task_factory.state_task_service_for

    def state_task_service_for(service_name: str) -> Any:
        if service_name == "emr-serverless":
            return EmrServerlessIntegration()
        return original(service_name)

    state_task_factory.state_task_service_for = state_task_service_for
