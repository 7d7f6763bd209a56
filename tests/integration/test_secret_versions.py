"""Versions of secrets as Secrets Manager keeps them: labels, tokens, binary values, batches."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError


def refused(call: Any, **request: Any) -> tuple[str, str]:
    """Code and message of the error that the call is answered with."""
    with pytest.raises(ClientError) as told:
        call(**request)
    assert told.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    error = told.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def secrets(edge: Any) -> Any:
    return edge.client("secretsmanager")


@pytest.fixture
def name() -> str:
    return f"versioned-{uuid.uuid4().hex[:8]}"


def labels(secrets: Any, name: str) -> dict[str, list[str]]:
    found = secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
    return {version: sorted(stages) for version, stages in found.items()}


def test_labels_move_one_by_one_and_the_first_version_is_current(secrets: Any, name: str) -> None:
    secrets.create_secret(Name=name)
    put = secrets.put_secret_value
    first = put(SecretId=name, SecretString="1", VersionStages=["mine"])["VersionId"]
    assert labels(secrets, name) == {first: ["AWSCURRENT", "mine"]}
    second = put(SecretId=name, SecretString="2")["VersionId"]
    assert labels(secrets, name) == {first: ["AWSPREVIOUS", "mine"], second: ["AWSCURRENT"]}
    third = put(SecretId=name, SecretString="3", VersionStages=["AWSCURRENT", "mine"])["VersionId"]
    assert labels(secrets, name) == {second: ["AWSPREVIOUS"], third: ["AWSCURRENT", "mine"]}
    found = secrets.get_secret_value(SecretId=name, VersionStage="mine")
    assert (found["SecretString"], found["VersionId"]) == ("3", third)


def test_the_same_request_again_changes_nothing_and_another_value_is_a_conflict(
    secrets: Any, name: str
) -> None:
    one, two = str(uuid.uuid4()), str(uuid.uuid4())
    for _ in range(2):
        made = secrets.create_secret(Name=name, SecretString="a", ClientRequestToken=one)
        assert made["VersionId"] == one
    for _ in range(2):
        put = secrets.put_secret_value(SecretId=name, SecretString="b", ClientRequestToken=two)
        assert put["VersionId"] == two
    assert labels(secrets, name) == {one: ["AWSPREVIOUS"], two: ["AWSCURRENT"]}
    in_use = f"You can't use ClientRequestToken {two} because that value is already in use"
    for call, value in (
        (secrets.put_secret_value, {"SecretString": "c"}),
        (secrets.update_secret, {"SecretString": "b"}),
    ):
        code, told = refused(call, SecretId=name, ClientRequestToken=two, **value)
        assert (code, told.startswith(in_use)) == ("ResourceExistsException", True)
    code, _ = refused(secrets.create_secret, Name=name, SecretString="z", ClientRequestToken=one)
    assert code == "ResourceExistsException"


def test_a_binary_value_is_the_same_however_it_was_put_and_is_read(secrets: Any, name: str) -> None:
    value = bytes(range(256))
    secrets.create_secret(Name=name, SecretBinary=b"first")
    for change in (secrets.put_secret_value, secrets.update_secret):
        change(SecretId=name, SecretBinary=value)
        assert secrets.get_secret_value(SecretId=name)["SecretBinary"] == value
        [found] = secrets.batch_get_secret_value(SecretIdList=[name])["SecretValues"]
        assert (found["SecretBinary"], "SecretString" in found) == (value, False)
        change(SecretId=name, SecretString="text")
    both = {"SecretId": name, "SecretString": "a", "SecretBinary": b"b"}
    assert refused(secrets.put_secret_value, **both)[0] == "InvalidRequestException"


def test_a_batch_names_what_it_has_no_value_of_and_gives_the_others(
    secrets: Any, name: str
) -> None:
    for number in range(3):
        secrets.create_secret(Name=f"{name}-{number}", SecretString=str(number))
    secrets.create_secret(Name=f"{name}-empty")
    secrets.delete_secret(SecretId=f"{name}-2")
    asked = [f"{name}-{one}" for one in ("0", "2", "empty", "none")]
    found = secrets.batch_get_secret_value(SecretIdList=asked)
    assert [one["SecretString"] for one in found["SecretValues"]] == ["0"]
    assert [(one["SecretId"], one["ErrorCode"]) for one in found["Errors"]] == [
        (f"{name}-2", "InvalidRequestException"),
        (f"{name}-empty", "ResourceNotFoundException"),
        (f"{name}-none", "ResourceNotFoundException"),
    ]
    filters = [{"Key": "name", "Values": [name]}]
    page = secrets.batch_get_secret_value(Filters=filters, MaxResults=1)
    rest = secrets.batch_get_secret_value(Filters=filters, NextToken=page["NextToken"])
    values = [one["SecretString"] for one in page["SecretValues"] + rest["SecretValues"]]
    assert (values, [one["SecretId"][-12:-7] for one in rest["Errors"]]) == (["0", "1"], ["empty"])
    assert refused(secrets.batch_get_secret_value)[0] == "InvalidParameterException"
    code, _ = refused(secrets.list_secrets, NextToken="x")
    assert code == "InvalidNextTokenException"


def test_what_is_wrong_with_a_secret_is_told_without_its_value(edge: Any, name: str) -> None:
    for value, wanted in (
        ("sesame" * 11_000, "Member must have length less than or equal to 65536"),
        ({"sesame": "open"}, "Member must be a string"),
    ):
        body = {"Name": name, "SecretString": value, "ClientRequestToken": str(uuid.uuid4())}
        answer = requests.post(
            edge.url,
            data=json.dumps(body),
            headers={
                "X-Amz-Target": "secretsmanager.CreateSecret",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"
                "secretsmanager/aws4_request, SignedHeaders=host, Signature=0",
            },
            timeout=30,
        )
        assert answer.status_code == 400
        assert "sesame" not in answer.text
        assert wanted in answer.text or "SerializationException" in answer.text


def test_a_secret_that_is_not_there_or_going_is_the_callers_error(secrets: Any, name: str) -> None:
    absent = ("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    tag = {"Tags": [{"Key": "a", "Value": "b"}]}
    assert refused(secrets.tag_resource, SecretId=name, **tag) == absent
    assert refused(secrets.get_resource_policy, SecretId=name) == absent
    assert refused(secrets.put_secret_value, SecretId=name, SecretString="x") == absent
    secrets.create_secret(Name=name, SecretString="x")
    secrets.delete_secret(SecretId=name)
    marked = "You can't perform this operation on the secret because it was marked for deletion."
    update = {"SecretId": name, "SecretString": "y"}
    assert refused(secrets.update_secret, **update) == ("InvalidRequestException", marked)
