"""AWS::SNS::Topic, Subscription and TopicPolicy: made only where there is none, changed in place.

LocalStack's resource types adopt a topic that exists, and change its display name and tags alone.
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
from localstack.services.sns.models import create_default_sns_topic_policy

from services.edge.cloudformation import tags
from services.edge.cloudformation.coercion import as_text
from services.edge.cloudformation.refusals import RefusedError, refuse_unserved

Model = dict[str, Any]
UNSERVED = ("ArchivePolicy", "DataProtectionPolicy", "DeliveryStatusLogging")
# With their defaults, which those that leave the template get back.
TOPIC_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DisplayName": "",
    "KmsMasterKeyId": "",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
}
SUBSCRIPTION_DEFAULTS = {
    "DeliveryPolicy": "{}",
    "FilterPolicyScope": "MessageAttributes",  # before the policy, which is judged by it
    "FilterPolicy": "{}",
    "RawMessageDelivery": "false",
    "RedrivePolicy": "",
}


def create(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sns, model = request.aws_client_factory.sns, dict(request.desired_state)
    refuse_unserved(request.resource_type, model, UNSERVED)
    fifo = as_text(model.get("FifoTopic", False)) == "true"
    if not model.get("TopicName"):
        made = provider_utils.generate_default_name(request.stack_name, request.logical_resource_id)
        model["TopicName"] = f"{made}.fifo" if fifo else made
    arn = f"arn:aws:sns:{request.region_name}:{request.account_id}:{model['TopicName']}"
    if _exists(sns, arn):
        raise RefusedError(f"A topic {model['TopicName']} already exists")
    attributes = _texts(model, TOPIC_DEFAULTS) | ({"FifoTopic": "true"} if fifo else {})
    given = [{"Key": k, "Value": v} for k, v in tags.as_map(model.get("Tags")).items()]
    sns.create_topic(Name=model["TopicName"], Attributes=attributes, Tags=given)
    model["TopicArn"] = arn
    try:
        _subscribe(sns, arn, _subscriptions(model))
    except Exception:
        sns.delete_topic(TopicArn=arn)  # no stack knows of it
        raise
    return _done(model)


def update(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sns, before = request.aws_client_factory.sns, dict(request.previous_state or {})
    model = {**request.desired_state, **{n: before[n] for n in ("TopicName", "TopicArn")}}
    refuse_unserved(request.resource_type, model, UNSERVED)
    arn, was, now = model["TopicArn"], _subscriptions(before), _subscriptions(model)
    for name, value in _changes(before, model, TOPIC_DEFAULTS).items():
        sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
    _subscribe(sns, arn, now - was)
    _unsubscribe(sns, arn, was - now)
    new, gone = tags.changes(tags.as_map(before.get("Tags")), tags.as_map(model.get("Tags")))
    if new:
        sns.tag_resource(ResourceArn=arn, Tags=[{"Key": k, "Value": v} for k, v in new.items()])
    if gone:
        sns.untag_resource(ResourceArn=arn, TagKeys=gone)
    return _done(model)


def create_subscription(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sns, model = request.aws_client_factory.sns, dict(request.desired_state)
    refuse_unserved(request.resource_type, model, ("Region", "ReplayPolicy", "SubscriptionRoleArn"))
    asked = {name: model[name] for name in ("TopicArn", "Protocol", "Endpoint") if name in model}
    asked["Attributes"] = _texts(model, SUBSCRIPTION_DEFAULTS)
    model["Id"] = sns.subscribe(**asked, ReturnSubscriptionArn=True)["SubscriptionArn"]
    return _done(model)


def update_subscription(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sns, before = request.aws_client_factory.sns, dict(request.previous_state or {})
    model = {**request.desired_state, "Id": before["Id"]}
    for name, value in _changes(before, model, SUBSCRIPTION_DEFAULTS).items():
        sns.set_subscription_attributes(
            SubscriptionArn=model["Id"], AttributeName=name, AttributeValue=value
        )
    return _done(model)


def update_policy(_: Any, request: ResourceRequest[Any]) -> ProgressEvent[Any]:
    sns, before = request.aws_client_factory.sns, dict(request.previous_state or {})
    model = {**request.desired_state, "Id": before["Id"]}
    policies = {arn: create_default_sns_topic_policy(arn) for arn in before["Topics"]}
    policies |= dict.fromkeys(model["Topics"], model["PolicyDocument"])
    for arn, policy in policies.items():
        named = {"TopicArn": arn, "AttributeName": "Policy"}
        sns.set_topic_attributes(**named, AttributeValue=json.dumps(policy))
    return _done(model)


def _subscriptions(model: Model) -> set[tuple[str, str]]:
    return {(one["Protocol"], one["Endpoint"]) for one in model.get("Subscription") or []}


def _subscribe(sns: Any, arn: str, wanted: set[tuple[str, str]]) -> None:
    for protocol, endpoint in sorted(wanted):
        sns.subscribe(TopicArn=arn, Protocol=protocol, Endpoint=endpoint)


def _unsubscribe(sns: Any, arn: str, unwanted: set[tuple[str, str]]) -> None:
    for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn):
        for subscription in page["Subscriptions"]:
            if (subscription["Protocol"], subscription["Endpoint"]) in unwanted:
                sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])


def _texts(model: Model, names: Any) -> dict[str, str]:
    given = {name: model[name] for name in names if model.get(name) is not None}
    return {
        name: json.dumps(value) if isinstance(value, dict) else as_text(value)
        for name, value in given.items()
    }


def _changes(before: Model, model: Model, defaults: dict[str, str]) -> dict[str, str]:
    was, now = _texts(before, defaults), _texts(model, defaults)
    wanted = {name: now.get(name, default) for name, default in defaults.items()}
    return {name: value for name, value in wanted.items() if was.get(name) != now.get(name)}


def _exists(sns: Any, arn: str) -> bool:
    try:
        sns.get_topic_attributes(TopicArn=arn)
    except sns.exceptions.NotFoundException:
        return False
    return True


def _done(model: Model) -> ProgressEvent[Any]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
