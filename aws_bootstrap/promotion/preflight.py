"""What must be so in an AWS account before anything is made there; looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_bootstrap.promotion.cloud import Cloud
from aws_bootstrap.target import Target
from pipeline.names import ResourceNames

PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"
RELEASE = "emr-7.12.0"
# Max concurrent vCPUs per account; the template's two applications may use 16 each.
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/endpoints-quotas.html
VCPU_QUOTA, VCPUS = "L-D05C8A75", 16
CONNECTIONS = {"PENDING": "open Developer Tools, Connections in the console and complete it"}


@dataclass(frozen=True)
class Check:
    """`cure` says what to do where the check did not pass."""

    subject: str
    state: str
    finding: str
    cure: str = ""


def checks(cloud: Cloud, target: Target) -> list[Check]:
    return [
        Check("credentials", PASSED, f"{cloud.arn} in account {cloud.account}"),
        *_of(region, "region", cloud),
        *_of(release, "EMR release", cloud),
        *_of(vcpus, "quota", cloud),
        *_of(lambda c: connection(c, target), "code connection", cloud),
        *_of(lambda c: bucket_names(c, target.names), "names", cloud),
    ]


def _of(look: Callable[[Cloud], list[Check]], subject: str, cloud: Cloud) -> Iterator[Check]:
    """What a check finds; one that AWS does not answer is unknown, and says why."""
    try:
        yield from look(cloud)
    except (ClientError, BotoCoreError) as error:
        yield Check(subject, UNKNOWN, f"AWS did not say: {error}", _permission(error))


def region(cloud: Cloud) -> list[Check]:
    emr = cloud.make_client("emr-serverless")
    try:
        emr.list_applications(maxResults=1)
    except BotoCoreError as error:
        return [
            Check(
                "region",
                FAILED,
                f"{cloud.region} does not offer EMR Serverless ({error})",
                "choose a region that does by --region, such as us-east-1 or eu-west-1",
            )
        ]
    return [Check("region", PASSED, f"{cloud.region} offers EMR Serverless")]


def release(cloud: Cloud) -> list[Check]:
    pages = cloud.make_client("emr").list_release_labels(Filters={"Prefix": RELEASE})
    if RELEASE in pages["ReleaseLabels"]:
        return [Check("EMR release", PASSED, f"{RELEASE} is there")]
    return [
        Check(
            "EMR release",
            FAILED,
            f"{cloud.region} has no {RELEASE}",
            "choose a region that has it, or change ReleaseLabel in aws_bootstrap/template.yaml"
            " together with Spark and Delta",
        )
    ]


def vcpus(cloud: Cloud) -> list[Check]:
    quotas = cloud.make_client("service-quotas")
    found = quotas.get_service_quota(ServiceCode="emr-serverless", QuotaCode=VCPU_QUOTA)
    value = found["Quota"]["Value"]
    if value >= VCPUS:
        return [Check("quota", PASSED, f"{value:.0f} vCPUs at once on EMR Serverless")]
    return [
        Check(
            "quota",
            FAILED,
            f"{value:.0f} vCPUs at once on EMR Serverless, {VCPUS} are needed",
            f"ask for more: aws service-quotas request-service-quota-increase --service-code"
            f" emr-serverless --quota-code {VCPU_QUOTA} --desired-value {VCPUS}",
        )
    ]


def connection(cloud: Cloud, target: Target) -> list[Check]:
    arn = target.code.connection_arn
    connections = cloud.make_client("codeconnections")
    try:
        status = connections.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"]
    except connections.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        status = "not there"
    if status == "AVAILABLE":
        return [Check("code connection", PASSED, f"{arn} is available")]
    cure = CONNECTIONS.get(status, "make one: aws codeconnections create-connection")
    return [
        Check("code connection", FAILED, f"{arn} is {status}", f"{cure}; SOURCE_CONNECTION_ARN")
    ]


def bucket_names(cloud: Cloud, names: ResourceNames) -> list[Check]:
    """A bucket of this account is the stack's own, or stands in the way of making the stack."""
    s3 = cloud.make_client("s3")
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    stack = _resources(cloud, names.stack)
    return [_bucket(s3, name, own, stack) for name in names.buckets]


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


def _permission(error: Exception) -> str:
    text = str(error)
    if "AccessDenied" in text or "not authorized" in text:
        return "allow the caller this call, or look yourself"
    return "look yourself"
