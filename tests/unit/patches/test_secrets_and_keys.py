"""Secrets, parameters and keys of LocalStack and moto still have the faults that we mend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.kms.models import KmsKey, kms_stores
from localstack.services.kms.provider import KmsProvider
from moto.moto_api._internal import mock_random
from moto.secretsmanager import utils
from moto.secretsmanager.models import FakeSecret
from moto.ssm.models import Parameter

ACCOUNT, REGION = "000000000000", "us-east-1"


@pytest.mark.mended_by("kms")
def test_a_key_whose_waiting_period_is_over_is_still_there_and_rsa_answers_with_aes(monkeypatch):
    context: Any = SimpleNamespace(account_id=ACCOUNT, region=REGION)
    kms = KmsProvider()
    made = kms.create_key(context, {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"})
    key = made["KeyMetadata"]["KeyId"]
    try:
        told = kms.encrypt(context, key, b"text")
        assert len(told["CiphertextBlob"]) != 256  # what RSA makes of any text
        kms.schedule_key_deletion(context, {"KeyId": key, "PendingWindowInDays": 7})
        stored: KmsKey = kms_stores[ACCOUNT][REGION].keys[key]
        stored.metadata["DeletionDate"] = datetime.now(UTC) - timedelta(days=1)
        assert kms.describe_key(context, {"KeyId": key})["KeyMetadata"]["KeyId"] == key
    finally:
        kms_stores[ACCOUNT][REGION].keys.pop(key, None)


@pytest.mark.mended_by("secretsmanager")
def test_passwords_are_drawn_from_a_generator_that_repeats_itself():
    drawn = []
    for _ in range(2):
        mock_random.seed(1)
        drawn.append(utils.random_password(20, "", *[False] * 5, True))
    assert drawn[0] == drawn[1]


@pytest.mark.mended_by("secret_versions")
def test_a_version_that_is_no_longer_current_loses_labels_that_did_not_move():
    first = {"version_id": "1", "version_stages": ["AWSCURRENT", "mine"], "secret_string": "a"}
    secret = FakeSecret(ACCOUNT, REGION, "s", first, "1", secret_string="a")
    secret.reset_default_version({"version_id": "2", "version_stages": ["AWSCURRENT"]}, "2")
    assert secret.versions["1"]["version_stages"] == ["AWSPREVIOUS"]


@pytest.mark.mended_by("ssm")
def test_an_encrypted_parameter_is_its_plain_text_behind_the_name_of_the_key():
    parameter = Parameter(
        account_id=ACCOUNT,
        name="p",
        value="plain",
        parameter_type="SecureString",
        description="",
        allowed_pattern=None,
        keyid=None,
        last_modified_date=0,
        version=1,
        data_type="text",
        policies=None,
    )
    assert parameter.value == "kms:alias/aws/ssm:plain"
