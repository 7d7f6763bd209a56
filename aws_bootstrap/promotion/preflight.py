"""What must be so in an AWS account before anything is made there; looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_bootstrap.code_repository import CodeRepository, RepositoryError
from aws_bootstrap.promotion import drift, taken_names
from aws_bootstrap.promotion.checks import FAILED, PASSED, UNKNOWN, Check
from aws_bootstrap.promotion.cloud import Cloud
from aws_bootstrap.target import Target

RELEASE = "emr-7.12.0"
# Max concurrent vCPUs per account; the template's two applications may use 16 each.
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/endpoints-quotas.html
VCPU_QUOTA, VCPUS = "L-D05C8A75", 16
CONNECTIONS = {"PENDING": "open Developer Tools, Connections in the console and complete it"}


def checks(cloud: Cloud, target: Target, stack: dict[str, Any] | None) -> list[Check]:
    """`stack` is what CloudFormation has by the name of the pipeline's stack, if anything."""
    return [
        Check("credentials", PASSED, f"{cloud.arn} in account {cloud.account}"),
        *_of(region, "region", cloud),
        *_of(release, "EMR release", cloud),
        *_of(vcpus, "quota", cloud),
        *_of(lambda c: connection(c, target), "code connection", cloud),
        *taken_names.foreign(stack, target.names),
        *_of(lambda c: taken_names.buckets(c, target.names), "names", cloud),
        *_of(lambda c: taken_names.secret(c, target.names), "names", cloud),
    ]


def repository(code: Callable[[], CodeRepository]) -> Iterator[Check]:
    """Whether the host lets us in; a repository that is not there may be made by the first push."""
    try:
        found = code()
        if found.check():
            yield Check("repository", PASSED, f"{found.full_id} answers")
        else:
            finding = f"{found.full_id} is not there, or the token may not read it"
            yield Check("repository", UNKNOWN, finding, "make it, or look yourself")
    except RepositoryError as error:
        cure = error.cure or "check SOURCE_REPOSITORY_URL and the network"
        yield Check("repository", FAILED, error.finding, cure)
    except (ClientError, BotoCoreError) as error:
        yield Check("repository", UNKNOWN, f"AWS did not say: {error}", _permission(error))


def drift_of(
    cloud: Cloud, stack: dict[str, Any] | None, checked: list[Check]
) -> list[dict[str, Any]]:
    """What was changed by hand; where AWS does not say, that is one more check, unknown."""
    if stack is None:
        return []
    try:
        return drift.found(cloud, stack)
    except (ClientError, BotoCoreError) as error:
        checked += [Check("drift", UNKNOWN, f"AWS did not say: {error}", _permission(error))]
        return []


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


def _permission(error: Exception) -> str:
    text = str(error)
    if "AccessDenied" in text or "not authorized" in text:
        return "allow the caller this call, or look yourself"
    return "look yourself"
