"""An AWS account whose answers are its own, from botocore's model."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.stub import Stubber

from aws_bootstrap.promotion.cloud import Cloud

KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu-west-1"}


class Account:
    """Clients whose calls are answered by stubs; a call that was not expected fails the test."""

    def __init__(self) -> None:
        self.region_name = "eu-west-1"
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            made = boto3.client(service, **KEYS)
            self._clients[service] = (made, Stubber(made))
            self._clients[service][1].activate()
        return self._clients[service][0]

    def stub(self, service: str) -> Stubber:
        self.client(service)
        return self._clients[service][1]

    @property
    def cloud(self) -> Cloud:
        return Cloud("123456789012", "arn:aws:iam::123456789012:user/ana", "eu-west-1", self.client)
