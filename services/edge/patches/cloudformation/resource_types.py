"""What LocalStack's own resource types leave out: settings, updates in place, honest failures.

LocalStack 4.9.2 drops properties, and reports an update that it cannot make as made
(localstack/services/cloudformation/resource_provider.py, `execute_action`).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from localstack.services.apigateway.resource_providers.aws_apigateway_deployment import (
    ApiGatewayDeploymentProvider,
)
from localstack.services.apigateway.resource_providers.aws_apigateway_method import (
    ApiGatewayMethodProvider,
)
from localstack.services.apigateway.resource_providers.aws_apigateway_restapi import (
    ApiGatewayRestApiProvider,
)
from localstack.services.apigateway.resource_providers.aws_apigateway_stage import (
    ApiGatewayStageProvider,
)
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProviderExecutor,
    ResourceRequest,
    check_not_found_exception,
    convert_payload,
)
from localstack.services.events.resource_providers.aws_events_rule import EventsRuleProvider
from localstack.services.iam.resource_providers.aws_iam_role import IAMRoleProvider
from localstack.services.lambda_.resource_providers.aws_lambda_function import (
    LambdaFunctionProvider,
)
from localstack.services.lambda_.resource_providers.aws_lambda_permission import (
    LambdaPermissionProvider,
)
from localstack.services.logs.resource_providers.aws_logs_loggroup import LogsLogGroupProvider
from localstack.services.s3.resource_providers.aws_s3_bucket import S3BucketProvider
from localstack.services.s3.resource_providers.aws_s3_bucketpolicy import S3BucketPolicyProvider
from localstack.services.stepfunctions.resource_providers.aws_stepfunctions_statemachine import (
    StepFunctionsStateMachineProvider,
)
from localstack.utils.patch import Patch

from services.edge.cloudformation import (
    apigateway_parts,
    events_rule,
    iam_role,
    lambda_function,
    lambda_permission,
    log_group,
    s3_bucket,
    state_machine,
)
from services.edge.cloudformation.refusals import NotInPlaceError

Model = dict[str, Any]
READY_POLL_SECONDS = 0.2
Operation = Callable[[Any, ResourceRequest[Any]], ProgressEvent[Any]]
# provider: its operations, each as a function of LocalStack's own (which may be left aside)
OPERATIONS: dict[Any, dict[str, Callable[[Operation], Any]]] = {
    S3BucketProvider: {
        "create": lambda _: s3_bucket.create,
        "update": lambda _: s3_bucket.update,
        "delete": lambda _: s3_bucket.delete,
    },
    S3BucketPolicyProvider: {"update": lambda _: _put_bucket_policy},
    IAMRoleProvider: {"update": lambda _: iam_role.update},
    LambdaFunctionProvider: {
        "create": lambda own: lambda_function.creating(own),
        "update": lambda _: lambda_function.update,
    },
    LambdaPermissionProvider: {"create": lambda _: lambda_permission.create},
    LogsLogGroupProvider: {
        "create": lambda _: log_group.create,
        "update": lambda _: log_group.update,
    },
    StepFunctionsStateMachineProvider: {
        "create": lambda own: state_machine.creating(own),
        "update": lambda _: state_machine.update,
    },
    ApiGatewayRestApiProvider: {"update": lambda _: apigateway_parts.update_api},
    ApiGatewayMethodProvider: {"update": lambda _: apigateway_parts.update_method},
    ApiGatewayDeploymentProvider: {
        "update": lambda _: apigateway_parts.update_deployment,
        "delete": lambda _: apigateway_parts.delete_deployment,
    },
    ApiGatewayStageProvider: {
        "create": lambda own: _then(own, apigateway_parts.settle_stage),
        "update": lambda _: apigateway_parts.update_stage,
    },
}


def apply() -> None:
    """Replace operations of LocalStack's resource providers; call once, before a stack is made."""
    for provider, operations in OPERATIONS.items():
        for name, made in operations.items():
            Patch(provider, name, made(getattr(provider, name))).apply()
    put: Operation = EventsRuleProvider.create
    Patch(EventsRuleProvider, "create", events_rule.creating(put)).apply()
    Patch(EventsRuleProvider, "update", events_rule.updating(put)).apply()
    # LocalStack asks every 5 s whether a resource is ready; a function is within 0.3 s.
    executor = ResourceProviderExecutor
    loop = functools.partialmethod(executor.deploy_loop, sleep_time=READY_POLL_SECONDS)
    Patch(executor, "deploy_loop", loop).apply()
    Patch(executor, "execute_action", _honest(executor.execute_action)).apply()


def _then(operation: Operation, settle: Callable[[ResourceRequest[Any], Model], None]) -> Operation:
    @functools.wraps(operation)
    def whole(self: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
        event = operation(self, request)
        if event.status == OperationStatus.SUCCESS:
            settle(request, event.resource_model)
        return event

    return whole


def _put_bucket_policy(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    before, model = request.previous_state or {}, dict(request.desired_state)
    request.aws_client_factory.s3.put_bucket_policy(
        Bucket=model["Bucket"], Policy=json.dumps(model["PolicyDocument"])
    )
    return ProgressEvent(
        status=OperationStatus.SUCCESS, resource_model={**model, "Id": before.get("Id")}
    )


def _honest(execute: Callable[..., ProgressEvent[Any]]) -> Any:
    """Updates and deletions fail with their own reason, where LocalStack hides it or passes."""

    @functools.wraps(execute)
    def honest(self: Any, provider: Any, payload: Model) -> ProgressEvent[Any]:
        request = convert_payload(self.stack_name, self.stack_id, payload)
        if payload["action"] == "Modify":
            if not _can_update(provider):
                raise NotInPlaceError(
                    f"This stack cannot change {request.resource_type} in place: give the changed"
                    " resource a new logical id"
                )
            return provider.update(request)  # type: ignore[no-any-return]
        if payload["action"] == "Remove":
            return _deleted(provider, request)
        return execute(self, provider, payload)

    return honest


def _deleted(provider: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    """What is gone already is deleted."""
    try:
        return provider.delete(request)  # type: ignore[no-any-return]
    except Exception as error:
        if check_not_found_exception(error, request.resource_type, request.desired_state):
            return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={})
        raise


def _can_update(provider: Any) -> bool:
    """LocalStack's providers all define `update`; one that only raises has this single name."""
    code = type(provider).update.__code__
    return bool(code.co_names != ("NotImplementedError",))
