"""A role that may do little, its clients, and how its calls are refused."""

from __future__ import annotations

import json
import uuid
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"


class Reader:
    """A role that Lambda and the account may take on, allowed one bucket's `in/` alone."""

    def __init__(self, stack: Any) -> None:
        self.stack, self.name = stack, f"reader-{uuid.uuid4().hex[:8]}"
        self.arn = f"arn:aws:iam::{ACCOUNT}:role/{self.name}"
        self.open, self.closed = f"{self.name}-open", f"{self.name}-closed"
        principals = {"Service": "lambda.amazonaws.com", "AWS": ACCOUNT}
        trust = {"Effect": "Allow", "Principal": principals, "Action": "sts:AssumeRole"}
        iam, s3 = stack.client("iam"), stack.client("s3")
        iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=policy(trust))
        own = {
            "Effect": "Allow",
            "Action": "s3:*Object",
            "Resource": f"arn:aws:s3:::{self.open}/in/*",
        }
        iam.put_role_policy(RoleName=self.name, PolicyName="in", PolicyDocument=policy(own))
        for bucket in (self.open, self.closed):
            s3.create_bucket(Bucket=bucket)
            for key in ("a", "in/a", "in/b"):
                s3.put_object(Bucket=bucket, Key=key, Body=b"text")

    def client(self, service: str, **others: str) -> Any:
        given = self.stack.client("sts").assume_role(RoleArn=self.arn, RoleSessionName="me")
        keys = {
            "aws_access_key_id": given["Credentials"]["AccessKeyId"],
            "aws_secret_access_key": given["Credentials"]["SecretAccessKey"],
            "aws_session_token": given["Credentials"]["SessionToken"],
            **others,
        }
        return boto3.client(service, endpoint_url=self.stack.url, region_name="us-east-1", **keys)


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def refusal(call: Any, *arguments: Any, **request: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as raised:
        call(*arguments, **request)
    answer = raised.value.response
    error = answer["Error"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]
