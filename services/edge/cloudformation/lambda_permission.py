"""AWS::Lambda::Permission with all its conditions: LocalStack 4.9.2 keeps the source's ARN only.

localstack/services/lambda_/resource_providers/aws_lambda_permission.py. A changed one is made anew.
"""

from __future__ import annotations

import json
from typing import Any

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

GIVEN = (
    "FunctionName",
    "Action",
    "Principal",
    "SourceArn",
    "SourceAccount",
    "EventSourceToken",
    "PrincipalOrgID",
    "FunctionUrlAuthType",
)


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    model = dict(request.desired_state)
    statement = provider_utils.generate_default_name(
        request.stack_name, request.logical_resource_id
    )
    made = request.aws_client_factory.lambda_.add_permission(
        StatementId=statement, **{name: model[name] for name in GIVEN if name in model}
    )
    model["Id"] = json.loads(made["Statement"])["Sid"]
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
