"""AWS::Lambda::Function: what LocalStack leaves out, in creating and in changing one.

Of localstack/services/lambda_/resource_providers/aws_lambda_function.py (4.9.2): tags, reserved
concurrency and storage are not changed, settings that leave the template stay, and a function that
cannot be made ready stays behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)
from localstack.services.lambda_.resource_providers.aws_lambda_function import (
    _get_lambda_code_param,
)

from services.edge.cloudformation import tags
from services.edge.cloudformation.refusals import refuse_changes

Model = dict[str, Any]
# What a function has where its template says nothing.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
DEFAULTS: Model = {
    "Description": "",
    "Environment": {"Variables": {}},
    "MemorySize": 128,
    "Timeout": 3,
    "Layers": [],
    "DeadLetterConfig": {"TargetArn": ""},
    "TracingConfig": {"Mode": "PassThrough"},
    "EphemeralStorage": {"Size": 512},
}
GIVEN = ("Handler", "Role", "Runtime", "ImageConfig", "VpcConfig", "LoggingConfig")
FIXED = ("CodeSigningConfigArn", "FileSystemConfigs", "KmsKeyArn", "PackageType", "SnapStart")


def creating(create: Callable[..., ProgressEvent[Any]]) -> Callable[..., ProgressEvent[Any]]:
    def whole(self: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
        event = create(self, request)
        model, client = event.resource_model or {}, request.aws_client_factory.lambda_
        if event.status == OperationStatus.FAILED and model.get("Arn"):
            client.delete_function(FunctionName=model["FunctionName"])
        if event.status == OperationStatus.SUCCESS:
            _set_concurrency(client, {}, model)
            if storage := model.get("EphemeralStorage"):
                client.update_function_configuration(
                    FunctionName=model["FunctionName"], EphemeralStorage=storage
                )
                client.get_waiter("function_updated_v2").wait(FunctionName=model["FunctionName"])
        return event

    return whole


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    client, before = request.aws_client_factory.lambda_, dict(request.previous_state or {})
    name = before["FunctionName"]
    model = {**request.desired_state, "FunctionName": name}
    refuse_changes(request.resource_type, before, model, FIXED)
    ready = client.get_waiter("function_updated_v2")
    if _code(before) != _code(model):
        code = _get_lambda_code_param(model, _include_arch=True)  # type: ignore[arg-type]
        client.update_function_code(FunctionName=name, **code)
        ready.wait(FunctionName=name)
    settings = {key: model.get(key, default) for key, default in DEFAULTS.items()}
    settings.update({key: model[key] for key in GIVEN if key in model})
    client.update_function_configuration(FunctionName=name, **_changed(before, settings))
    ready.wait(FunctionName=name)
    _set_concurrency(client, before, model)
    _set_tags(client, before, model)
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _changed(before: Model, settings: Model) -> Model:
    return {key: value for key, value in settings.items() if before.get(key) != value}


def _code(model: Model) -> Any:
    return model.get("Code"), model.get("Architectures")


def _set_concurrency(client: Any, before: Model, after: Model) -> None:
    was, now = (model.get("ReservedConcurrentExecutions") for model in (before, after))
    if now is not None and now != was:
        client.put_function_concurrency(
            FunctionName=after["FunctionName"], ReservedConcurrentExecutions=int(now)
        )
    elif was is not None and now is None:
        client.delete_function_concurrency(FunctionName=after["FunctionName"])


def _set_tags(client: Any, before: Model, after: Model) -> None:
    changed, removed = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(after.get("Tags")))
    if changed:
        client.tag_resource(Resource=before["Arn"], Tags=changed)
    if removed:
        client.untag_resource(Resource=before["Arn"], TagKeys=removed)
