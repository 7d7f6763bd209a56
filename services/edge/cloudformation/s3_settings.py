"""Properties of AWS::S3::Bucket in the shapes of S3's own API."""

from __future__ import annotations

import re
from typing import Any

Model = dict[str, Any]
TARGETS = (
    ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
    ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
)


def acl(given: str) -> str:
    """`PublicRead` is `public-read`."""
    return re.sub("(?<!^)(?=[A-Z])", "-", given).lower()


def encryption(given: Model) -> Model:
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    rules = given["ServerSideEncryptionConfiguration"]
    return {"Rules": [{names.get(key, key): value for key, value in r.items()} for r in rules]}


def cors(given: Model) -> Model:
    names = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}
    rules = given.get("CorsRules") or []
    return {"CORSRules": [{names.get(key, key): value for key, value in r.items()} for r in rules]}


def notifications(given: Model) -> Model:
    """Several configurations of one event each, as CloudFormation has them."""
    asked: Model = {}
    for theirs, ours, target, arn in TARGETS:
        if entries := given.get(theirs):
            asked[ours] = [_notification(entry, target, arn) for entry in entries]
    if "EventBridgeConfiguration" in given:
        enabled = (given["EventBridgeConfiguration"] or {}).get("EventBridgeEnabled", True)
        if enabled:
            asked["EventBridgeConfiguration"] = {}
    return asked


def _notification(entry: Model, target: str, arn: str) -> Model:
    asked: Model = {arn: entry[target], "Events": [entry["Event"]]}
    rules = ((entry.get("Filter") or {}).get("S3Key") or {}).get("Rules")
    if rules:
        asked["Filter"] = {"Key": {"FilterRules": rules}}
    return asked


def website(given: Model) -> Model:
    asked: Model = {}
    if index := given.get("IndexDocument"):
        asked["IndexDocument"] = {"Suffix": index}
    if error := given.get("ErrorDocument"):
        asked["ErrorDocument"] = {"Key": error}
    if everything := given.get("RedirectAllRequestsTo"):
        asked["RedirectAllRequestsTo"] = everything
    names = {"RoutingRuleCondition": "Condition", "RedirectRule": "Redirect"}
    if rules := given.get("RoutingRules"):
        asked["RoutingRules"] = [{names[key]: value for key, value in r.items()} for r in rules]
    return asked


def lifecycle(given: Model) -> Model:
    return {"Rules": [_rule(rule) for rule in given.get("Rules") or []]}


def _rule(rule: Model) -> Model:
    asked: Model = {"Status": rule["Status"], "Filter": _filter(rule)}
    if "Id" in rule:
        asked["ID"] = rule["Id"]
    if expiration := _expiration(rule):
        asked["Expiration"] = expiration
    transitions = [*(rule.get("Transitions") or []), *_one(rule.get("Transition"))]
    if transitions:
        asked["Transitions"] = [_transition(transition) for transition in transitions]
    later = rule.get("NoncurrentVersionTransitions") or []
    noncurrent = [*later, *_one(rule.get("NoncurrentVersionTransition"))]
    if noncurrent:
        asked["NoncurrentVersionTransitions"] = [_noncurrent(one) for one in noncurrent]
    if days := rule.get("NoncurrentVersionExpirationInDays"):
        asked["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    for same in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if same in rule:
            asked[same] = rule[same]
    return asked


def _expiration(rule: Model) -> Model:
    names = {
        "ExpirationInDays": "Days",
        "ExpirationDate": "Date",
        "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
    }
    return {ours: rule[theirs] for theirs, ours in names.items() if theirs in rule}


def _filter(rule: Model) -> Model:
    parts: Model = {}
    if rule.get("Prefix"):
        parts["Prefix"] = rule["Prefix"]
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in rule:
            parts[name] = int(rule[name])
    tags = rule.get("TagFilters") or []
    if len(parts) + len(tags) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return parts or {"Prefix": ""}


def _transition(one: Model) -> Model:
    names = {"TransitionInDays": "Days", "TransitionDate": "Date"}
    return {names.get(key, key): value for key, value in one.items()}


def _noncurrent(one: Model) -> Model:
    return {{"TransitionInDays": "NoncurrentDays"}.get(key, key): one[key] for key in one}


def _one(given: Model | None) -> list[Model]:
    return [given] if given else []
