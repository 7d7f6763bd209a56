"""Which call a schedule's target stands for: its document in, service, operation and request out.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from services.edge.scheduler import errors
from services.edge.served_calls.gate import not_implemented
from services.edge.stepfunctions.language import resources

Target = dict[str, Any]
Call = tuple[str, str, dict[str, Any]]
ARN = re.compile(r"arn:aws[\w-]*:(?P<service>[^:]+):[^:]*:[^:]*:(?P<resource>.+)")
UNIVERSAL = re.compile(r"arn:aws[\w-]*:scheduler:::aws-sdk:([^:]+):([^:]+)")


def _queue(target: Target, text: str) -> Call:
    _, _, _, region, account, name = target["Arn"].split(":")
    url = f"http://localhost:4566/queue/{region}/{account}/{name}"  # read, not called
    group = (target.get("SqsParameters") or {}).get("MessageGroupId")
    grouped = {"MessageGroupId": group} if group else {}
    return "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": text, **grouped}


def _bus(target: Target, text: str) -> Call:
    told = target["EventBridgeParameters"]
    entry = {"EventBusName": target["Arn"], "Detail": text}
    entry |= {"Source": told["Source"], "DetailType": told["DetailType"]}
    return "events", "PutEvents", {"Entries": [entry]}


def _function(target: Target, text: str) -> Call:
    request = {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": text}
    return "lambda", "Invoke", request


def _machine(target: Target, text: str) -> Call:
    return "stepfunctions", "StartExecution", {"stateMachineArn": target["Arn"], "input": text}


def _topic(target: Target, text: str) -> Call:
    return "sns", "Publish", {"TopicArn": target["Arn"], "Message": text}


def _pipeline(target: Target, _text: str) -> Call:
    name = target["Arn"].rpartition(":")[2]
    return "codepipeline", "StartPipelineExecution", {"name": name}


CALLS: dict[str, Callable[[Target, str], Call]] = {
    "codepipeline": _pipeline,
    "events": _bus,
    "lambda": _function,
    "sns": _topic,
    "sqs": _queue,
    "states": _machine,
}


def check(target: Target) -> None:
    """Raises what CreateSchedule answers where nothing would be called."""
    if found := UNIVERSAL.fullmatch(target["Arn"]):
        api = resources.service(found[1])
        if api is None or resources.operation(api, found[2]) is None:
            raise errors.validation(f"Provided Arn is not in correct format: {target['Arn']}")
        _parsed(target.get("Input") or "{}")
        return
    place = ARN.fullmatch(target["Arn"])
    if place is None:
        raise errors.validation(f"Provided Arn is not in correct format: {target['Arn']}")
    if place["service"] not in CALLS:
        raise not_implemented("scheduler", f"CreateSchedule with a target of {place['service']}")
    if place["service"] == "events" and not target.get("EventBridgeParameters"):
        raise errors.validation("EventBridgeParameters must be specified for an event bus.")
    is_fifo = place["service"] == "sqs" and place["resource"].endswith(".fifo")
    if is_fifo and not (target.get("SqsParameters") or {}).get("MessageGroupId"):
        raise errors.validation("A FIFO queue needs SqsParameters with a MessageGroupId.")


def call(target: Target, text: str) -> Call:
    """`text` is the target's input with its placeholders filled."""
    if found := UNIVERSAL.fullmatch(target["Arn"]):
        api = resources.service(found[1])
        operation = api and resources.operation(api, found[2])
        return resources.boto_name(found[1]), str(operation), _parsed(text)
    place = ARN.fullmatch(target["Arn"])
    assert place is not None  # `check` has seen it
    return CALLS[place["service"]](target, text)


def _parsed(text: str) -> dict[str, Any]:
    try:
        request = json.loads(text)
    except ValueError as error:
        raise errors.validation(f"Input must be JSON: {error}") from error
    if not isinstance(request, dict):
        raise errors.validation("Input must be a JSON object: the request of the call.")
    return request
