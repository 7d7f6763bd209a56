"""Whether the names of a prefix are free, the pipeline's own, or somebody else's."""

from __future__ import annotations

from typing import Any

from aws_bootstrap.plan import TAGS
from aws_bootstrap.promotion.checks import FAILED, PASSED, Check
from aws_bootstrap.promotion.cloud import Cloud
from pipeline.names import ResourceNames


def is_ours(stack: dict[str, Any] | None, names: ResourceNames) -> bool:
    """Whether the stack is a pipeline of this prefix; where there is none, it will be."""
    if stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS":
        return True
    given = {
        each["ParameterKey"]: each.get("ParameterValue") for each in stack.get("Parameters", [])
    }
    return given.get("Prefix") == names.prefix and TAGS[0] in stack.get("Tags", [])


def foreign(stack: dict[str, Any] | None, names: ResourceNames) -> list[Check]:
    if is_ours(stack, names):
        return []
    finding = f"the stack {names.stack} is there, but is none of this pipeline"
    return [Check("names", FAILED, finding, "choose another --prefix")]


def buckets(cloud: Cloud, names: ResourceNames) -> list[Check]:
    """A bucket of this account is the stack's own, or stands in the way of making the stack."""
    s3 = cloud.make_client("s3")
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    stack = _resources(cloud, names.stack)
    return [
        _kept(name) if _is_kept(s3, name, own - stack, names) else _bucket(s3, name, own, stack)
        for name in names.buckets
    ]


def secret(cloud: Cloud, names: ResourceNames) -> list[Check]:
    """The secret of the signing keys; that of the repository's token is nobody's but ours."""
    client, name = cloud.make_client("secretsmanager"), names.signing_keys_secret
    try:
        found = client.describe_secret(SecretId=name)
    except client.exceptions.ResourceNotFoundException:
        return [Check("names", PASSED, f"{name} is free")]
    if found["ARN"] in _resources(cloud, names.stack):
        return [Check("names", PASSED, f"{name} is the stack's")]
    waits = ", and waits for its deletion" if "DeletedDate" in found else ""
    return [
        Check(
            "names",
            FAILED,
            f"{name} is a secret of this account, but not of the stack{waits}",
            f"aws secretsmanager delete-secret --force-delete-without-recovery --secret-id {name},"
            " or choose another --prefix",
        )
    ]


def _is_kept(s3: Any, name: str, beside: set[str], names: ResourceNames) -> bool:
    """Whether the bucket holds data that an earlier `destroy` has left, by its tag."""
    if name not in beside or name not in names.data_buckets:
        return False
    try:
        return TAGS[0] in s3.get_bucket_tagging(Bucket=name)["TagSet"]
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchTagSet":
            raise
        return False


def _kept(name: str) -> Check:
    return Check("names", PASSED, f"{name} was kept by a destroy: it is taken over with its data")


def _bucket(s3: Any, name: str, own: set[str], stack: set[str]) -> Check:
    if name in stack:
        return Check("names", PASSED, f"{name} is the stack's")
    if name in own:
        return Check(
            "names",
            FAILED,
            f"{name} is a bucket of this account, but not of the stack",
            "import it into the stack, remove it, or choose another --prefix",
        )
    try:
        s3.head_bucket(Bucket=name)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
            return Check("names", PASSED, f"{name} is free")
        if error.response["Error"]["Code"] not in ("403", "301"):
            raise
    return Check("names", FAILED, f"{name} belongs to another account", "choose another --prefix")


def _resources(cloud: Cloud, stack: str) -> set[str]:
    cloudformation = cloud.make_client("cloudformation")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    try:
        return {
            entry.get("PhysicalResourceId", "")
            for page in pages
            for entry in page["StackResourceSummaries"]
        }
    except cloudformation.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return set()
        raise
