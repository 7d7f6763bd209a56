"""Of each resource type whose drift is told, its properties as they are now.

What a reader leaves out is not compared; a property that is None is not there any more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from services.edge.cloudformation import s3_settings, tags
from services.edge.cloudformation.drift import live_messages, live_rest_apis
from services.edge.cloudformation.drift.live_messages import GoneError
from services.edge.cloudformation.records import Record, inputs

Model = dict[str, Any]
Reader = Callable[[Any, Record], Model]
ABSENT = ("NoSuch", "NotFound", "DoesNotExist", "404")


def expected(record: Record) -> Model:
    """The template's properties in the shape in which the reader gives what is there."""
    given = inputs(record)
    shaped = {name: SHAPES.get((record["Type"], name), _same)(v) for name, v in given.items()}
    if isinstance(shaped.get("Tags"), list):
        shaped["Tags"] = tags.as_map(shaped["Tags"])
    return shaped


def actual(clients: Any, record: Record) -> Model:
    """Raises GoneError."""
    try:
        return READERS[record["Type"]](clients, record)
    except ClientError as error:
        if is_absent(error):
            raise GoneError from error
        raise


def is_absent(error: ClientError) -> bool:
    return any(part in error.response["Error"]["Code"] for part in ABSENT)


def _same(value: Any) -> Any:
    return value


def _bucket(clients: Any, record: Record) -> Model:
    s3, name = clients.s3, record["PhysicalResourceId"]
    s3.head_bucket(Bucket=name)

    def setting(call: str, member: str | None = None) -> Any:
        try:
            answer = getattr(s3, call)(Bucket=name)
        except ClientError as error:
            if is_absent(error):
                return None
            raise
        answer.pop("ResponseMetadata", None)
        return answer[member] if member else answer

    return {
        "VersioningConfiguration": setting("get_bucket_versioning"),
        "PublicAccessBlockConfiguration": setting(
            "get_public_access_block", "PublicAccessBlockConfiguration"
        ),
        "LifecycleConfiguration": setting("get_bucket_lifecycle_configuration"),
        "BucketEncryption": setting("get_bucket_encryption", "ServerSideEncryptionConfiguration"),
        "Tags": tags.as_map(setting("get_bucket_tagging", "TagSet")),
    }


def _role(clients: Any, record: Record) -> Model:
    iam, name = clients.iam, record["PhysicalResourceId"]
    found = iam.get_role(RoleName=name)["Role"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return {
        **found,
        "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "Policies": [
            {
                "PolicyName": policy,
                "PolicyDocument": iam.get_role_policy(RoleName=name, PolicyName=policy)[
                    "PolicyDocument"
                ],
            }
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        ],
        "Tags": tags.as_map(found.get("Tags")),
    }


def _function(clients: Any, record: Record) -> Model:
    """The code is no property that can be read, on AWS neither."""
    found = clients.lambda_.get_function(FunctionName=record["PhysicalResourceId"])
    names = ("Runtime", "Handler", "Role", "MemorySize", "Timeout", "Environment", "Architectures")
    configuration = found["Configuration"]
    return {name: configuration.get(name) for name in names} | {"Tags": found.get("Tags", {})}


def _permission(clients: Any, record: Record) -> Model:
    function, sid = inputs(record)["FunctionName"], record["PhysicalResourceId"]
    policy = json.loads(clients.lambda_.get_policy(FunctionName=function)["Policy"])
    for statement in policy["Statement"]:
        if statement["Sid"] == sid:
            principal = statement["Principal"]
            condition = (statement.get("Condition") or {}).get("ArnLike") or {}
            return {
                "Action": statement["Action"],
                "Principal": next(iter(principal.values())) if isinstance(principal, dict) else "*",
                "SourceArn": condition.get("AWS:SourceArn"),
            }
    raise GoneError


def _log_group(clients: Any, record: Record) -> Model:
    name = record["PhysicalResourceId"]
    found = clients.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    for group in found:
        if group["logGroupName"] == name:
            return {"RetentionInDays": group.get("retentionInDays")}
    raise GoneError


def _rule(clients: Any, record: Record) -> Model:
    name = record["PhysicalResourceId"].rpartition("|")[2]
    found = clients.events.describe_rule(Name=name)
    names = ("ScheduleExpression", "EventPattern", "State", "Description", "RoleArn")
    targets = clients.events.list_targets_by_rule(Rule=name)["Targets"]
    return {**{name: found.get(name) for name in names}, "Targets": targets}


def _application(clients: Any, record: Record) -> Model:
    application = record["PhysicalResourceId"]
    found = clients.emr_serverless.get_application(applicationId=application)["application"]
    if found["state"] == "TERMINATED":
        raise GoneError
    names = ("releaseLabel", "maximumCapacity", "architecture", "tags")
    starts = ("autoStartConfiguration", "autoStopConfiguration")
    return {name: found.get(name) for name in (*names, *starts)}


def _state_machine(clients: Any, record: Record) -> Model:
    """A definition from S3 is no property of the template, so nothing to compare with."""
    arn = record["PhysicalResourceId"]
    found = clients.stepfunctions.describe_state_machine(stateMachineArn=arn)
    return {name: found.get(name) for name in ("roleArn", "loggingConfiguration")}


def _pipeline(clients: Any, record: Record) -> Model:
    found = clients.codepipeline.get_pipeline(name=record["PhysicalResourceId"])["pipeline"]
    names = ("roleArn", "artifactStore", "stages", "executionMode", "pipelineType")
    return {name: found.get(name) for name in names}


def _job(clients: Any, record: Record) -> Model:
    return dict(clients.glue.get_job(JobName=record["PhysicalResourceId"])["Job"])


def _secret(clients: Any, record: Record) -> Model:
    """What is in it is not read: whoever rotates a key changes nothing of the stack."""
    found = clients.secretsmanager.describe_secret(SecretId=record["PhysicalResourceId"])
    if found.get("DeletedDate"):
        raise GoneError
    names = ("Name", "Description", "KmsKeyId")
    return {**{name: found.get(name) for name in names}, "Tags": tags.as_map(found.get("Tags"))}


def _crawler(clients: Any, record: Record) -> Model:
    return dict(clients.glue.get_crawler(Name=record["PhysicalResourceId"])["Crawler"])


def _database(clients: Any, record: Record) -> Model:
    found = clients.glue.get_database(Name=record["PhysicalResourceId"])["Database"]
    return {"DatabaseInput": found}


SHAPES: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("AWS::S3::Bucket", "LifecycleConfiguration"): s3_settings.lifecycle,
    ("AWS::S3::Bucket", "BucketEncryption"): s3_settings.encryption,
}
READERS: dict[str, Reader] = {
    "AWS::ApiGateway::Deployment": live_rest_apis.deployment,
    "AWS::ApiGateway::Method": live_rest_apis.method,
    "AWS::ApiGateway::Resource": live_rest_apis.resource,
    "AWS::ApiGateway::RestApi": live_rest_apis.rest_api,
    "AWS::ApiGateway::Stage": live_rest_apis.stage,
    "AWS::CloudWatch::Alarm": live_messages.alarm,
    "AWS::CodePipeline::Pipeline": _pipeline,
    "AWS::EMRServerless::Application": _application,
    "AWS::Events::Rule": _rule,
    "AWS::Glue::Crawler": _crawler,
    "AWS::Glue::Database": _database,
    "AWS::Glue::Job": _job,
    "AWS::IAM::Role": _role,
    "AWS::Lambda::Function": _function,
    "AWS::Lambda::Permission": _permission,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::S3::BucketPolicy": live_messages.bucket_policy,
    "AWS::SQS::Queue": live_messages.queue,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
