"""Secrets, parameters and keys after kill -9 of the edge: what was acknowledged is there."""

from __future__ import annotations

from tests.support.ledgers import outlives


@outlives()
def test_secrets_parameters_and_keys_come_back_with_what_they_hide(stack):
    secrets, parameters = stack.client("secretsmanager"), stack.client("ssm")
    kms = stack.client("kms")
    secrets.create_secret(Name="s", SecretString="one", Tags=[{"Key": "k", "Value": "v"}])
    current = secrets.put_secret_value(SecretId="s", SecretString="two")["VersionId"]
    parameters.put_parameter(Name="/p", Value="plain", Type="String")
    parameters.put_parameter(Name="/q", Value="hidden", Type="SecureString")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/kept", TargetKeyId=key)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"before")["CiphertextBlob"]

    yield

    assert secrets.get_secret_value(SecretId="s")["SecretString"] == "two"
    described = secrets.describe_secret(SecretId="s")
    assert described["VersionIdsToStages"][current] == ["AWSCURRENT"]
    assert described["Tags"] == [{"Key": "k", "Value": "v"}]
    found = parameters.get_parameters(Names=["/p", "/q"], WithDecryption=True)["Parameters"]
    assert {one["Name"]: one["Value"] for one in found} == {"/p": "plain", "/q": "hidden"}
    assert parameters.put_parameter(Name="/p", Value="2", Type="String", Overwrite=True) != {}
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"before"
    assert kms.describe_key(KeyId="alias/kept")["KeyMetadata"]["KeyId"] == key
