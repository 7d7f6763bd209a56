"""The policy of what a call is about: a bucket, a function, a role, a queue, a topic, a key or a
secret, where it has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.s3.models import s3_stores

from services.edge.permissions import roles
from services.edge.permissions.actions.needs import Need
from services.edge.permissions.policies.decision import Policies

NOBODY = '{"Statement": []}'
ANY_REGION = "us-east-1"  # what buckets are called is the same in each


def added(policies: Policies, need: Need) -> Policies:
    """The policies with that of the resource, and whose account that is."""
    if need.action == "sts:AssumeRole":
        return _of_role(policies, need.resource)
    parts = need.resource.split(":", 5)
    if len(parts) < 6:
        return policies
    if parts[2] == "s3":
        return _of_bucket(policies, parts[5].partition("/")[0])
    if parts[2] == "lambda":
        return _of_function(policies, parts)
    policies = replace(policies, owner=parts[4]) if parts[4] else policies
    found = OF_MESSAGES_AND_SECRETS.get(parts[2])
    return found(policies, need.resource, parts) if found else policies


def _of_bucket(policies: Policies, name: str) -> Policies:
    owner = next(iter(s3_stores.values()), {ANY_REGION: None})[ANY_REGION]
    account = owner.global_bucket_map.get(name) if owner is not None else None
    if account is None:
        return policies
    for store in list(s3_stores[account].values()):
        if (bucket := store.buckets.get(name)) is not None:
            text = bucket.policy
            return replace(policies, resource=str(text) if text else None, owner=account)
    return policies


def _of_function(policies: Policies, parts: list[str]) -> Policies:
    region, account = parts[3], parts[4]
    name, _, version = parts[5].removeprefix("function:").partition(":")
    function = lambda_stores[account][region].functions.get(name)
    found = function and function.permissions.get(version or "$LATEST")
    text = json.dumps({"Statement": found.policy.Statement}) if found else None
    return replace(policies, resource=text, owner=account)


def _of_queue(policies: Policies, _arn: str, parts: list[str]) -> Policies:
    from localstack.services.sqs.models import sqs_stores

    queue = sqs_stores[parts[4]][parts[3]].queues.get(parts[5])
    text = queue.attributes.get("Policy") if queue is not None else None
    return replace(policies, resource=str(text) if text else None)


def _of_topic(policies: Policies, arn: str, parts: list[str]) -> Policies:
    from moto.sns.models import sns_backends

    topic = sns_backends[parts[4]][parts[3]].topics.get(arn)
    return replace(policies, resource=topic.policy if topic is not None else None)


def _of_secret(policies: Policies, arn: str, parts: list[str]) -> Policies:
    from moto.secretsmanager.models import secretsmanager_backends

    secret = secretsmanager_backends[parts[4]][parts[3]].secrets.get(arn)
    return replace(policies, resource=secret.policy if secret is not None else None)


def _of_key(policies: Policies, _arn: str, parts: list[str]) -> Policies:
    """A grant lets in as a statement of the key's policy would."""
    from localstack.services.kms.models import kms_stores

    store, key_id = kms_stores[parts[4]][parts[3]], parts[5].removeprefix("key/")
    if (key := store.keys.get(key_id)) is None:
        return policies
    document = json.loads(key.policy)
    own = document.get("Statement", [])
    granted = [
        _granted(grant.metadata)
        for grant in list(store.grants.values())
        if grant.metadata["KeyId"] in (key_id, key.metadata["Arn"])
    ]
    both = [*(own if isinstance(own, list) else [own]), *granted]
    return replace(policies, resource=json.dumps({"Statement": both}), resource_decides=True)


def _granted(grant: Mapping[str, Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html"""
    constraints = grant.get("Constraints") or {}
    exact = constraints.get("EncryptionContextEquals") or {}
    pairs = {**(constraints.get("EncryptionContextSubset") or {}), **exact}
    equal = {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}
    condition: dict[str, Any] = {"StringEquals": equal} if equal else {}
    if exact:
        condition["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": list(exact)}
    return {
        "Effect": "Allow",
        "Principal": {"AWS": grant["GranteePrincipal"]},
        "Action": [f"kms:{operation}" for operation in grant["Operations"]],
        "Resource": "*",
        "Condition": condition,
    }


OfResource = Callable[[Policies, str, list[str]], Policies]
# Their stores are loaded with the first call that is about one.
OF_MESSAGES_AND_SECRETS: dict[str, OfResource] = {
    "sqs": _of_queue,
    "sns": _of_topic,
    "kms": _of_key,
    "secretsmanager": _of_secret,
}


def _of_role(policies: Policies, arn: str) -> Policies:
    found = roles.role(arn)
    return replace(policies, trust=_text(found) if found is not None else NOBODY)


def _text(role: Any) -> str:
    document = role.assume_role_policy_document
    return document if isinstance(document, str) else json.dumps(document)
