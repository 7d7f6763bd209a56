"""Remove a promoted pipeline: what would go is said first, and the data stays unless asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aws_bootstrap import plan as stack_plans
from aws_bootstrap.apply import Say
from aws_bootstrap.buckets import delete_below
from aws_bootstrap.promotion import taken_names
from aws_bootstrap.promotion.cloud import Cloud, PromotionError
from pipeline.names import ResourceNames

# Written by the services themselves, so no stack has them; other pipelines may write there too.
SHARED_LOG_GROUPS = ("/aws-glue/jobs/output", "/aws-glue/jobs/error", "/aws/emr-serverless")


@dataclass(frozen=True)
class Bucket:
    name: str
    objects: int
    size: int
    is_data: bool


@dataclass(frozen=True)
class Inventory:
    """`resources` are those of the stack; `emptied` go, `kept` stay with all that is in them.

    `secrets` are those beside the stack, which go with it.
    """

    resources: list[str]
    emptied: list[Bucket]
    kept: list[Bucket]
    secrets: list[str]
    is_protected: bool


def inventory(cloud: Cloud, names: ResourceNames, *, with_data: bool) -> Inventory:
    """What is there; raises PromotionError where nothing is."""
    cloudformation, s3 = cloud.make_client("cloudformation"), cloud.make_client("s3")
    resources = []
    stack = stack_plans.existing(cloudformation, names.stack)
    if not taken_names.is_ours(stack, names):
        raise PromotionError(
            f"The stack {names.stack} in account {cloud.account}, {cloud.region} is none of this"
            " pipeline, so nothing of it is removed: check --prefix"
        )
    if stack:
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=names.stack)
        resources = [
            f"{entry['ResourceType']:<36} {entry['PhysicalResourceId']}"
            for page in pages
            for entry in page["StackResourceSummaries"]
            if entry["ResourceStatus"] != "DELETE_COMPLETE"
        ]
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    wanted = [name for name in names.all_buckets(cloud.account, cloud.region) if name in own]
    secrets = _secrets(cloud, names)
    if not resources and not wanted and not secrets:
        raise PromotionError(
            f"Nothing named {names.prefix} is in account {cloud.account}, {cloud.region}: check"
            " --prefix, --profile and --region"
        )
    buckets = [_bucket(s3, name, name in names.data_buckets) for name in wanted]
    return Inventory(
        resources,
        [bucket for bucket in buckets if with_data or not bucket.is_data],
        [bucket for bucket in buckets if bucket.is_data and not with_data],
        secrets,
        bool(stack and stack.get("EnableTerminationProtection")),
    )


def readable(found: Inventory) -> Iterator[str]:
    if found.is_protected:
        yield "Lift the stack's protection against deletion"
    yield f"Remove the stack with its {len(found.resources)} resources"
    yield from (f"  {resource}" for resource in found.resources)
    yield f"Remove {len(found.emptied)} buckets with all that is in them"
    yield from (f"  {_described(bucket)}" for bucket in found.emptied)
    yield from (f"Remove the secret {name}" for name in found.secrets)
    if found.kept:
        yield f"Keep {len(found.kept)} buckets, the data"
        yield from (f"  {_described(bucket)}" for bucket in found.kept)


def remove(cloud: Cloud, names: ResourceNames, found: Inventory, say: Say) -> None:
    """Empty the buckets, delete the stack, then what is no part of it; may be repeated."""
    s3, cloudformation = cloud.make_client("s3"), cloud.make_client("cloudformation")
    for bucket in found.emptied:
        say(f"Emptying {bucket.name}")
        delete_below(s3, bucket.name)
    say(f"Deleting the stack {names.stack}")
    stack = stack_plans.existing(cloudformation, names.stack)
    if stack is not None:
        if found.is_protected:
            cloudformation.update_termination_protection(
                StackName=names.stack, EnableTerminationProtection=False
            )
        cloudformation.delete_stack(StackName=names.stack)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack["StackId"], WaiterConfig={"Delay": 2, "MaxAttempts": 900}
        )
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for bucket in found.emptied:
        if bucket.name in own:
            s3.delete_bucket(Bucket=bucket.name)
    for name in found.secrets:
        cloud.make_client("secretsmanager").delete_secret(
            SecretId=name, ForceDeleteWithoutRecovery=True
        )


def left(cloud: Cloud, names: ResourceNames) -> list[str]:
    """What is still there and costs or holds something."""
    s3, logs = cloud.make_client("s3"), cloud.make_client("logs")
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    wanted = names.all_buckets(cloud.account, cloud.region)
    groups = [
        group["logGroupName"]
        for prefix in SHARED_LOG_GROUPS
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
        for group in page["logGroups"]
    ]
    return [
        *(f"bucket {name}" for name in wanted if name in own),
        *(f"log group {g}" for g in groups),
    ]


def _secrets(cloud: Cloud, names: ResourceNames) -> list[str]:
    client, name = cloud.make_client("secretsmanager"), names.repository_token_secret
    try:
        client.describe_secret(SecretId=name)
    except client.exceptions.ResourceNotFoundException:
        return []
    return [name]


def _bucket(s3: Any, name: str, is_data: bool) -> Bucket:
    """Former versions count: they go, or stay and cost, with the others."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=name)
    sizes = [entry["Size"] for page in pages for entry in page.get("Versions", [])]
    return Bucket(name, len(sizes), sum(sizes), is_data)


def _described(bucket: Bucket) -> str:
    return f"{bucket.name}: {bucket.objects} objects, {bucket.size:,} bytes"
