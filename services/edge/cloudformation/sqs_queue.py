"""AWS::SQS::Queue and QueuePolicy: made only where there is none, changed in place with tags.

LocalStack's resource types adopt a queue that exists, and drop every change of one.
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

from services.edge.cloudformation import tags
from services.edge.cloudformation.coercion import as_text
from services.edge.cloudformation.refusals import RefusedError

Model = dict[str, Any]
# A queue's attributes with their defaults, which those that leave the template get back.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "DelaySeconds": "0",
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": "300",
    "KmsMasterKeyId": "",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedriveAllowPolicy": "",
    "RedrivePolicy": "",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sqs, model = request.aws_client_factory.sqs, dict(request.desired_state)
    fifo = as_text(model.get("FifoQueue", False)) == "true"
    if not model.get("QueueName"):
        made = provider_utils.generate_default_name(request.stack_name, request.logical_resource_id)
        model["QueueName"] = f"{made[:75]}.fifo" if fifo else made
    if _exists(sqs, model["QueueName"]):
        raise RefusedError(f"A queue {model['QueueName']} already exists")
    attributes = _attributes(model) | ({"FifoQueue": "true"} if fifo else {})
    named = {"QueueName": model["QueueName"], "tags": tags.as_map(model.get("Tags"))}
    model["QueueUrl"] = sqs.create_queue(**named, Attributes=attributes)["QueueUrl"]
    model["Arn"] = _arn(sqs, model["QueueUrl"])
    return _done(model)


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sqs, before = request.aws_client_factory.sqs, dict(request.previous_state or {})
    model = {**request.desired_state, **{n: before[n] for n in ("QueueName", "QueueUrl", "Arn")}}
    was, now = _attributes(before), _attributes(model)
    changed = {name: DEFAULTS[name] for name in was.keys() - now.keys()}
    changed |= {name: value for name, value in now.items() if was.get(name) != value}
    if changed:
        sqs.set_queue_attributes(QueueUrl=model["QueueUrl"], Attributes=changed)
    new, gone = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if new:
        sqs.tag_queue(QueueUrl=model["QueueUrl"], Tags=new)
    if gone:
        sqs.untag_queue(QueueUrl=model["QueueUrl"], TagKeys=gone)
    return _done(model)


def delete(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sqs = request.aws_client_factory.sqs
    if _exists(sqs, request.desired_state["QueueName"]):
        sqs.delete_queue(QueueUrl=request.desired_state["QueueUrl"])
    return _done({})


def create_policy(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    model = dict(request.desired_state)
    _put_policy(request.aws_client_factory.sqs, model["Queues"], model["PolicyDocument"])
    model["Id"] = provider_utils.generate_default_name(
        request.stack_name, request.logical_resource_id
    )
    return _done(model)


def update_policy(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sqs, before = request.aws_client_factory.sqs, dict(request.previous_state or {})
    model = {**request.desired_state, "Id": before["Id"]}
    _put_policy(sqs, model["Queues"], model["PolicyDocument"])
    _put_policy(sqs, set(before["Queues"]) - set(model["Queues"]), None)
    return _done(model)


def delete_policy(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sqs, queues = request.aws_client_factory.sqs, request.desired_state["Queues"]
    _put_policy(sqs, [url for url in queues if _exists(sqs, url.rpartition("/")[2])], None)
    return _done({})


def _put_policy(sqs: Any, queues: Any, document: Any) -> None:
    for url in queues:
        policy = "" if document is None else json.dumps(document)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _attributes(model: Model) -> dict[str, str]:
    given = {name: model[name] for name in DEFAULTS if model.get(name) is not None}
    return {
        name: json.dumps(value) if isinstance(value, dict) else as_text(value)
        for name, value in given.items()
    }


def _exists(sqs: Any, name: str) -> bool:
    try:
        sqs.get_queue_url(QueueName=name)
    except sqs.exceptions.QueueDoesNotExist:
        return False
    return True


def _arn(sqs: Any, url: str) -> str:
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
