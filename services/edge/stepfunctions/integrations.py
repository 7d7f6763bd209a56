"""Add this project's integrations to LocalStack's Step Functions, and mend its Parallel and Map."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

POLL_SECONDS = 0.2  # LocalStack looks every 0.5 s: a pipeline of four jobs waits for it four times


def apply() -> None:
    """Call once, before the first state machine is parsed."""
    _import_batch_without_ec2()
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.iteration import (  # noqa: E501
        iteration_worker,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_parallel import (  # noqa: E501
        branches_decl,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
        state_task_factory,
    )
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (  # noqa: E501
        state_task_service_callback,
    )

    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = POLL_SECONDS
    branches_decl.CustomErrorName = iteration_worker.CustomErrorName = _error_name
    added, original = own(), state_task_factory.state_task_service_for

    def state_task_service_for(service_name: str) -> Any:
        return added[service_name]() if service_name in added else original(service_name)

    state_task_factory.state_task_service_for = state_task_service_for


def _import_batch_without_ec2() -> None:
    """LocalStack's state_task_service_batch.py needs the names of a job's states alone.

    Its import of moto.batch brings all of moto's EC2, a quarter of what an edge does to start.
    """
    spec = importlib.util.find_spec("moto.batch")
    assert spec is not None
    sys.modules["moto.batch"] = importlib.util.module_from_spec(spec)  # without running it
    importlib.import_module("moto.batch.utils")
    del sys.modules["moto.batch"]


def own() -> dict[str, Any]:
    """This project's integrations by the service in the resource's ARN."""
    from services.edge.stepfunctions.athena import AthenaIntegration
    from services.edge.stepfunctions.aws_sdk import AwsSdkIntegration
    from services.edge.stepfunctions.emr_serverless import EmrServerlessIntegration
    from services.edge.stepfunctions.glue import GlueIntegration

    return {
        "athena": AthenaIntegration,
        "aws-sdk": AwsSdkIntegration,
        "emr-serverless": EmrServerlessIntegration,
        "glue": GlueIntegration,
    }


def _error_name(error_name: str | None) -> Any:
    """LocalStack takes a branch's error for a custom one, and chokes on the `States.` names."""
    from localstack.services.stepfunctions.asl.component.common.error_name import (
        custom_error_name,
        states_error_name,
    )

    if (error_name or "").startswith(custom_error_name.ILLEGAL_CUSTOM_ERROR_PREFIX):
        return states_error_name.StatesErrorName.from_name(error_name)
    return custom_error_name.CustomErrorName(error_name)
