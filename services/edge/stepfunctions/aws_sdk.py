"""LocalStack's `aws-sdk:` integration with the names that AWS has, for calls and for errors."""

from __future__ import annotations

from typing import Any

from botocore import xform_name
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_aws_sdk import (  # noqa: E501
    StateTaskServiceAwsSdk,
)

from services.edge.stepfunctions.language import resources


class AwsSdkIntegration(StateTaskServiceAwsSdk):  # type: ignore[misc]
    """`aws-sdk:emrserverless:startJobRun`; botocore calls the same emr-serverless.start_job_run."""

    def _get_boto_service_name(self, boto_service_name: str | None = None) -> str:
        name = boto_service_name or self.resource.api_name
        return resources.boto_name(name) if resources.service(name) else str(name)

    def _get_boto_service_action(self, service_action_name: str | None = None) -> str:
        action = service_action_name or self.resource.api_action
        model = resources.service(self.resource.api_name)
        operation = model and resources.operation(model, action)
        return str(xform_name(operation) if operation else action)

    @staticmethod
    def _get_boto_operation_model(boto_service_name: str, service_action_name: str) -> Any:
        model = resources.model(boto_service_name)
        names = {xform_name(name): name for name in model.operation_names}
        return model.operation_model(names[service_action_name])

    @staticmethod
    def _normalise_service_error_name(service_name: str) -> str:
        return resources.error_prefix(service_name)
