"""The pipeline with the permissions of its template alone, and calls that a role does not allow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.deliveries import taken_back
from tests.support.functions import new_function
from tests.support.reader_role import ACCOUNT, policy, refusal

OWN = (
    "AWSCodePipelineServiceRole-us-east-1-project6-codepipeline",
    "project6-emr-role",
    "project6-glue-role",
    "project6-lambda-role",
    "project6-stepfunction",
    "project6-trigger-role",
    "project6-update-functions-role",
)
READS = """import boto3
def handle(event, context):
    return boto3.client("s3").get_object(Bucket=event["bucket"], Key="a")["Body"].read().decode()
"""


@pytest.fixture
def told(filled) -> Iterator[Any]:
    def of(role: str, expect: int = 0) -> dict[str, Any]:
        printed = filled.lake("permissions", "--role", role, "--json", expect=expect)
        (found,) = json.loads(printed)["roles"]
        return dict(found)

    yield of


@pytest.mark.parametrize("role", OWN)
def test_no_role_of_the_pipeline_lacks_a_permission_and_each_was_used(filled, told, role):
    found = told(role)
    assert found["missing"] == []
    assert found["used"]


def test_the_jobs_read_and_write_as_their_role(told):
    used = {(entry["action"], entry["resource"]) for entry in told("project6-emr-role")["used"]}
    assert ("s3:PutObject", "arn:aws:s3:::project6-silver-bucket/fact_bookings/*") in used
    assert ("s3:GetObject", "arn:aws:s3:::project6-bronze-bucket/events/*") in used
    assert ("s3:GetObject", "arn:aws:s3:::project6-code-bucket/Spark_codes/*") in used


def test_the_webhook_reads_its_signing_keys_and_no_other_secret(filled, told):
    used = {(entry["action"], entry["resource"]) for entry in told("project6-lambda-role")["used"]}
    secret = filled.client("secretsmanager").describe_secret(
        SecretId="project6-calendly-signing-keys"
    )["ARN"]
    assert {entry for entry in used if entry[0].startswith("secretsmanager:")} == {
        ("secretsmanager:GetSecretValue", secret)
    }


def test_a_function_that_reads_what_its_role_does_not_allow_fails_in_aws_s_words(
    filled, reader, told
):
    function = new_function(filled, READS, Role=reader.arn)
    payload = json.dumps({"bucket": reader.closed}).encode()
    answer = filled.client("lambda").invoke(FunctionName=function, Payload=payload)
    assert json.loads(answer["Payload"].read())["errorMessage"] == (
        "An error occurred (AccessDenied) when calling the GetObject operation: User:"
        f" arn:aws:sts::{ACCOUNT}:assumed-role/{reader.name}/{function} is not authorized to"
        f' perform: s3:GetObject on resource: "arn:aws:s3:::{reader.closed}/a" because no'
        " identity-based policy allows the s3:GetObject action"
    )
    found = told(reader.name, expect=1)
    resource = f"arn:aws:s3:::{reader.closed}/a"
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [resource]}
    assert statement in found["add"]


def test_each_protocol_has_its_own_form_of_the_refusal(reader):
    who = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{reader.name}/me is not authorized to perform:"
    )
    assert refusal(reader.client("glue").get_database, Name="gold_db") == (
        400,
        "AccessDeniedException",
        f"{who} glue:GetDatabase on resource: arn:aws:glue:us-east-1:{ACCOUNT}:catalog because no"
        " identity-based policy allows the glue:GetDatabase action",
    )
    assert refusal(reader.client("emr-serverless").list_applications) == (
        403,
        "AccessDeniedException",
        f"{who} emr-serverless:ListApplications on resource: * because no identity-based policy"
        " allows the emr-serverless:ListApplications action",
    )
    assert refusal(reader.client("iam").get_role, RoleName=reader.name) == (
        403,
        "AccessDenied",
        f"{who} iam:GetRole on resource: {reader.arn} because no identity-based policy allows the"
        " iam:GetRole action",
    )


def test_s3_answers_as_it_does_who_may_read_and_write_below_one_folder(filled, reader):
    s3, bucket = reader.client("s3"), reader.open
    assert s3.get_object(Bucket=bucket, Key="in/a")["Body"].read() == b"text"
    assert refusal(s3.list_objects_v2, Bucket=bucket)[:2] == (403, "AccessDenied")
    assert refusal(s3.head_object, Bucket=bucket, Key="a")[0] == 403
    # Whether an object is there is not told to who may not list the bucket.
    assert refusal(s3.get_object, Bucket=bucket, Key="in/none")[:2] == (403, "AccessDenied")
    assert refusal(filled.client("s3").get_object, Bucket=bucket, Key="in/none")[0] == 404
    source = {"Bucket": reader.closed, "Key": "a"}
    assert (
        "s3:GetObject on"
        in refusal(s3.copy_object, Bucket=bucket, Key="in/c", CopySource=source)[2]
    )
    keys = [{"Key": "a"}, {"Key": "in/b"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    assert [one["Key"] for one in answer["Deleted"]] == ["in/b"]
    assert [(one["Key"], one["Code"]) for one in answer["Errors"]] == [("a", "AccessDenied")]
    address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "in/a"})
    assert requests.get(address, timeout=30).text == "text"
    address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
    assert requests.get(address, timeout=30).status_code == 403


def test_a_bucket_policy_allows_and_denies_beside_the_role_s_own(filled, reader):
    s3, bucket = reader.client("s3"), reader.closed
    statement = {"Principal": {"AWS": reader.arn}, "Action": "s3:GetObject"}
    allow = {"Effect": "Allow", **statement, "Resource": f"arn:aws:s3:::{bucket}/in/*"}
    filled.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(allow))
    assert s3.get_object(Bucket=bucket, Key="in/a")["Body"].read() == b"text"
    tls = {"Effect": "Deny", **statement, "Resource": f"arn:aws:s3:::{reader.open}/*"}
    tls["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    filled.client("s3").put_bucket_policy(Bucket=reader.open, Policy=policy(tls))
    assert s3.get_object(Bucket=reader.open, Key="in/a")["Body"].read() == b"text"
    del tls["Condition"]
    filled.client("s3").put_bucket_policy(Bucket=reader.open, Policy=policy(tls))
    message = refusal(s3.get_object, Bucket=reader.open, Key="in/a")[2]
    assert message.endswith("with an explicit deny in a resource-based policy")
    filled.client("s3").delete_bucket_policy(Bucket=reader.open)


def test_a_role_is_taken_on_by_whom_it_trusts_and_tells_who_it_is(filled, reader):
    sts = reader.client("sts")
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{reader.name}/me"
    assert sts.get_caller_identity()["Arn"] == arn
    assert filled.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    other = f"arn:aws:iam::{ACCOUNT}:role/project6-emr-role"
    message = refusal(sts.assume_role, RoleArn=other, RoleSessionName="me")[2]
    assert message.endswith("because no role trust policy allows the sts:AssumeRole action")
    forged = reader.client("s3", aws_session_token="forged")
    assert refusal(forged.list_buckets)[1] == "InvalidToken"


def test_a_rest_api_calls_only_functions_that_let_it(filled):
    functions, name = filled.client("lambda"), "project6-calendly-webhook-ingestion"
    (kept,) = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    functions.remove_permission(FunctionName=name, StatementId=kept["Sid"])
    assert filled.post(b"{}").status_code == 500
    functions.add_permission(
        FunctionName=name,
        StatementId=kept["Sid"],
        Action=kept["Action"],
        Principal=kept["Principal"]["Service"],
        SourceArn=kept["Condition"]["ArnLike"]["AWS:SourceArn"],
    )
    with taken_back(filled):
        assert filled.post(b'{"event": "invitee.created", "n": 7}').status_code == 200
