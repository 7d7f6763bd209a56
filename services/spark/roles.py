"""The role that a run works as: credentials of its own, for as long as it runs.

The edge gives each run a key that can do nothing but take on the run's role. S3A takes the role on
by itself, and again before its credentials end; Python's SDK asks this service, as it asks EMR's
and ECS's containers, see app.py.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

FIELDS = ("role_arn", "session_name", "access_key", "secret_key", "session_token")
PATH = "/credentials"
HADOOP = "spark.hadoop.fs.s3a."
# A run that an older edge has asked for says nothing of a role.
ADMINISTRATOR = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class RoleError(ValueError):
    """What was sent is no role of a run; the message says what was expected."""


@dataclass(frozen=True)
class Role:
    role_arn: str
    session_name: str
    access_key: str
    secret_key: str
    session_token: str

    def as_text(self) -> str:
        """What Python's SDK sends as its authorization."""
        fields = {name: getattr(self, name) for name in FIELDS}
        return base64.b64encode(json.dumps(fields).encode()).decode()

    def taken_on(self, endpoint_url: str, region: str) -> Mapping[str, Any]:
        """Credentials as STS answers them. Raises botocore's errors."""
        sts = boto3.session.Session().client(
            "sts",
            endpoint_url=endpoint_url,
            region_name=region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.session_token,
        )
        answer = sts.assume_role(RoleArn=self.role_arn, RoleSessionName=self.session_name)
        credentials: Mapping[str, Any] = answer["Credentials"]
        return credentials


def of_run(run: Mapping[str, Any]) -> Role | None:
    return Role(**{name: run["role"][name] for name in FIELDS}) if run.get("role") else None


def of_text(text: str) -> Role:
    """Raises RoleError."""
    try:
        fields = json.loads(base64.b64decode(text, validate=True))
        return Role(**{name: str(fields[name]) for name in FIELDS})
    except (binascii.Error, KeyError, TypeError, ValueError) as error:
        raise RoleError(
            "expected `Authorization:` with the role of a run, as the run has it"
        ) from (error)


def environment_of(credentials: Mapping[str, Any]) -> dict[str, str]:
    """Credentials of STS's as an environment has them."""
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


def container_document(credentials: Mapping[str, Any]) -> dict[str, str]:
    """As ECS answers them: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html"""
    return {
        "AccessKeyId": credentials["AccessKeyId"],
        "SecretAccessKey": credentials["SecretAccessKey"],
        "Token": credentials["SessionToken"],
        "Expiration": credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def environment(role: Role | None, service_url: str) -> dict[str, str]:
    """What a run's own calls find their credentials by."""
    if role is None:
        return ADMINISTRATOR
    return {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{service_url}{PATH}",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": role.as_text(),
    }


def s3a_conf(role: Role | None, endpoint_url: str, region: str) -> dict[str, str]:
    """What S3A takes the role on by."""
    if role is None:
        return {}
    provider = "org.apache.hadoop.fs.s3a"
    return {
        f"{HADOOP}aws.credentials.provider": f"{provider}.auth.AssumedRoleCredentialProvider",
        f"{HADOOP}assumed.role.arn": role.role_arn,
        f"{HADOOP}assumed.role.session.name": role.session_name,
        f"{HADOOP}assumed.role.sts.endpoint": endpoint_url,
        f"{HADOOP}assumed.role.sts.endpoint.region": region,
        f"{HADOOP}assumed.role.credentials.provider": f"{provider}.TemporaryAWSCredentialsProvider",
        f"{HADOOP}access.key": role.access_key,
        f"{HADOOP}secret.key": role.secret_key,
        f"{HADOOP}session.token": role.session_token,
    }
