"""Secrets Manager, Parameter Store and KMS: what they keep, what they hide, what they refuse."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stacks import TestStack


def refused(call: Any, **request: Any) -> tuple[str, str]:
    """Code and message of the error that the call is answered with."""
    with pytest.raises(ClientError) as told:
        call(**request)
    error = told.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_new_value_of_a_secret_is_current_and_the_old_one_previous(edge):
    secrets = edge.client("secretsmanager")
    first = secrets.create_secret(Name="signing", SecretString="one")["VersionId"]
    second = secrets.put_secret_value(SecretId="signing", SecretString="two")["VersionId"]
    stages = secrets.describe_secret(SecretId="signing")["VersionIdsToStages"]
    assert stages == {first: ["AWSPREVIOUS"], second: ["AWSCURRENT"]}
    assert secrets.get_secret_value(SecretId="signing")["SecretString"] == "two"
    before = secrets.get_secret_value(SecretId="signing", VersionStage="AWSPREVIOUS")
    assert before["SecretString"] == "one"

    secrets.update_secret_version_stage(
        SecretId="signing", VersionStage="AWSCURRENT", MoveToVersionId=first,
        RemoveFromVersionId=second,
    )  # fmt: skip
    assert secrets.get_secret_value(SecretId="signing")["SecretString"] == "one"
    assert refused(secrets.create_secret, Name="signing", SecretString="x") == (
        "ResourceExistsException",
        "The operation failed because the secret signing already exists.",
    )
    found = secrets.batch_get_secret_value(SecretIdList=["signing", "absent"])
    assert [one["SecretString"] for one in found["SecretValues"]] == ["one"]
    assert [(one["SecretId"], one["ErrorCode"]) for one in found["Errors"]] == [
        ("absent", "ResourceNotFoundException")
    ]


def test_a_secret_that_waits_for_its_deletion_is_neither_read_nor_written(edge):
    secrets = edge.client("secretsmanager")
    secrets.create_secret(Name="going", SecretString="x")
    assert refused(secrets.delete_secret, SecretId="going", RecoveryWindowInDays=6) == (
        "InvalidParameterException",
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
    )
    secrets.delete_secret(SecretId="going", RecoveryWindowInDays=7)
    for call, value in (
        (secrets.get_secret_value, {}),
        (secrets.put_secret_value, {"SecretString": "y"}),
    ):
        code, told = refused(call, SecretId="going", **value)
        assert (code, "marked for deletion" in told) == ("InvalidRequestException", True)
    listed = secrets.list_secrets(Filters=[{"Key": "name", "Values": ["going"]}])["SecretList"]
    assert listed == []
    secrets.restore_secret(SecretId="going")
    assert secrets.get_secret_value(SecretId="going")["SecretString"] == "x"
    secrets.delete_secret(SecretId="going", ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name="going", SecretString="anew")


def test_a_password_holds_each_kind_of_character_and_none_that_is_excluded(edge):
    draw = edge.client("secretsmanager").get_random_password
    for _ in range(20):
        text = draw(PasswordLength=4, ExcludeCharacters="^]-\\")["RandomPassword"]
        assert len(text) == 4 and not set(text) & set("^]-\\")
        kinds = [any(map(kind, text)) for kind in (str.isupper, str.islower, str.isdigit)]
        assert kinds == [True] * 3 and not text.isalnum()
    code, told = refused(draw, PasswordLength=3)
    assert (code, told) == (
        "InvalidParameterException",
        "Password length is too short based on the required types.",
    )


def test_what_would_have_no_effect_is_refused_by_name(edge):
    secrets, kms = edge.client("secretsmanager"), edge.client("kms")
    parameters = edge.client("ssm")
    for call, request, named in (
        (secrets.rotate_secret, {"SecretId": "a"}, "secretsmanager.RotateSecret"),
        (
            secrets.create_secret,
            {"Name": "r", "AddReplicaRegions": [{"Region": "eu-west-1"}]},
            "secretsmanager.CreateSecret with AddReplicaRegions",
        ),
        (
            parameters.put_parameter,
            {"Name": "e", "Value": "v", "Type": "String", "Policies": "[]"},
            "ssm.PutParameter with Policies",
        ),
        (kms.create_key, {"MultiRegion": True}, "kms.CreateKey with MultiRegion"),
        (kms.create_key, {"Origin": "EXTERNAL"}, "kms.CreateKey with Origin EXTERNAL"),
        (
            kms.create_key,
            {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
            "kms.CreateKey with RSA_2048 for encryption",
        ),
    ):
        code, told = refused(call, **request)
        assert (code, told) == (
            "NotImplemented", f"{named} is not implemented by this stack; see docs/parity.md"
        )  # fmt: skip


def test_a_secure_string_is_nowhere_in_plain_text(edge):
    parameters, name = edge.client("ssm"), "/lake/token"
    parameters.put_parameter(Name=name, Value="open-sesame-17", Type="SecureString")
    hidden = parameters.get_parameter(Name=name)["Parameter"]["Value"]
    assert "open-sesame-17" not in hidden
    shown = parameters.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert (shown["Value"], shown["Type"], shown["Version"]) == (
        "open-sesame-17",
        "SecureString",
        1,
    )
    with closing(sqlite3.connect(edge.folder / "services.sqlite")) as stored:
        (state,) = stored.execute("SELECT state FROM services WHERE name = 'ssm'").fetchone()
    assert name.encode() in state and b"open-sesame-17" not in state
    code, _ = refused(
        parameters.put_parameter, Name="k", Value="v", Type="SecureString", KeyId="alias/none"
    )
    assert code == "InvalidKeyId"


def test_a_parameter_keeps_its_versions_and_is_found_by_path_and_label(edge):
    parameters = edge.client("ssm")
    for value in ("1", "2"):
        parameters.put_parameter(Name="/app/n", Value=value, Type="String", Overwrite=True)
    parameters.label_parameter_version(Name="/app/n", ParameterVersion=1, Labels=["first"])
    assert parameters.get_parameter(Name="/app/n:first")["Parameter"]["Value"] == "1"
    assert parameters.get_parameter(Name="/app/n:2")["Parameter"]["Value"] == "2"
    found = parameters.get_parameters_by_path(Path="/app")["Parameters"]
    assert [(one["Name"], one["Value"]) for one in found] == [("/app/n", "2")]
    assert parameters.get_parameters(Names=["/app/n", "/none"])["InvalidParameters"] == ["/none"]
    put = {"Name": "/app/n", "Type": "String"}
    assert refused(parameters.put_parameter, **put, Value="3")[0] == "ParameterAlreadyExists"


@pytest.mark.parametrize(
    ("request_of", "code"),
    [
        ({"Value": "x" * 4097}, "ValidationException"),
        ({"Value": "x" * 8193, "Tier": "Advanced"}, "ValidationException"),
        ({"Value": "abc", "AllowedPattern": r"^\d+$"}, "ParameterPatternMismatchException"),
        ({"Value": "abc", "Type": "Text"}, "ValidationException"),
    ],
)
def test_a_value_that_a_parameter_may_not_have_makes_no_version(edge, request_of, code):
    parameters = edge.client("ssm")
    given = {"Name": "limited", "Type": "String", **request_of}
    assert refused(parameters.put_parameter, **given)[0] == code
    assert refused(parameters.get_parameter, Name="limited")[0] == "ParameterNotFound"


def test_a_key_decrypts_with_its_context_only_and_not_while_disabled(edge):
    kms = edge.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/lake", TargetKeyId=key)
    made = kms.encrypt(KeyId="alias/lake", Plaintext=b"rows", EncryptionContext={"table": "t"})
    sealed = {"CiphertextBlob": made["CiphertextBlob"]}
    assert b"rows" not in sealed["CiphertextBlob"]
    assert made["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert refused(kms.decrypt, **sealed)[0] == "InvalidCiphertextException"
    sealed["EncryptionContext"] = {"table": "t"}
    kms.rotate_key_on_demand(KeyId=key)
    assert kms.decrypt(**sealed)["Plaintext"] == b"rows"
    kms.disable_key(KeyId=key)
    assert refused(kms.decrypt, **sealed)[0] == "DisabledException"
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x")[0] == "KMSInvalidStateException"


def test_a_template_makes_changes_and_deletes_secret_parameter_and_key(edge):
    secrets, kms = edge.client("secretsmanager"), edge.client("kms")
    stack = TestStack(edge)

    def template(description: str, value: str, days: int) -> dict[str, Any]:
        generated = {"SecretStringTemplate": '{"user": "u"}', "GenerateStringKey": "password"}
        return {
            "Resources": {
                "Secret": {
                    "Type": "AWS::SecretsManager::Secret",
                    "Properties": {
                        "Description": description,
                        "GenerateSecretString": {**generated, "PasswordLength": days},
                    },
                },
                "Parameter": {
                    "Type": "AWS::SSM::Parameter",
                    "Properties": {"Name": "/made", "Type": "String", "Value": value},
                },
                "Key": {
                    "Type": "AWS::KMS::Key",
                    "Properties": {
                        "Description": description, "KeyPolicy": {"Statement": []},
                        "EnableKeyRotation": True, "RotationPeriodInDays": days * 10,
                    },
                },
                "Alias": {
                    "Type": "AWS::KMS::Alias",
                    "Properties": {"AliasName": "alias/made", "TargetKeyId": {"Ref": "Key"}},
                },
            },
            "Outputs": {
                "Secret": {"Value": {"Ref": "Secret"}},
                "Key": {"Value": {"Ref": "Key"}},
                "Read": {"Value": "{{resolve:ssm:/made}}"},
            },
        }  # fmt: skip

    assert stack.create(template("one", "1", 20)) == "CREATE_COMPLETE", stack.failures()
    made = stack.outputs()
    value = secrets.get_secret_value(SecretId=made["Secret"])["SecretString"]
    assert value.startswith('{"user": "u", "password": "')
    assert stack.update(template("two", "2", 30)) == "UPDATE_COMPLETE", stack.failures()
    assert secrets.describe_secret(SecretId=made["Secret"])["Description"] == "two"
    assert secrets.get_secret_value(SecretId=made["Secret"])["SecretString"] != value
    assert edge.client("ssm").get_parameter(Name="/made")["Parameter"]["Value"] == "2"
    assert kms.describe_key(KeyId="alias/made")["KeyMetadata"]["Description"] == "two"
    assert kms.get_key_rotation_status(KeyId=made["Key"])["RotationPeriodInDays"] == 300

    def drift() -> str:
        told = stack.client.detect_stack_resource_drift(
            StackName=stack.name, LogicalResourceId="Secret"
        )
        return str(told["StackResourceDrift"]["StackResourceDriftStatus"])

    secrets.put_secret_value(SecretId=made["Secret"], SecretString="rotated by hand")
    assert drift() == "IN_SYNC"
    secrets.update_secret(SecretId=made["Secret"], Description="by hand")
    assert drift() == "MODIFIED"
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    assert kms.describe_key(KeyId=made["Key"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert refused(secrets.describe_secret, SecretId=made["Secret"])[0] == (
        "ResourceNotFoundException"
    )
