"""The policy of what a call is about: of a bucket, a function, a role, where it has one."""

from __future__ import annotations

import json
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
    return replace(policies, owner=parts[4]) if parts[4] else policies


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


def _of_role(policies: Policies, arn: str) -> Policies:
    found = roles.role(arn)
    return replace(policies, trust=_text(found) if found is not None else NOBODY)


def _text(role: Any) -> str:
    document = role.assume_role_policy_document
    return document if isinstance(document, str) else json.dumps(document)
