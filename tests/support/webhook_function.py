"""The webhook function, called with proxy events; its AWS clients are over stand-in wires."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import io
import json
import sys
import time
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError

from lake.settings import ROOT

sys.path.insert(0, str(ROOT / "services" / "lambdas"))
webhook = importlib.import_module("project6-calendly-webhook-ingestion")
sys.path.pop(0)

DATED = b'{"event":"invitee.created","created_at":"2026-01-16T15:54:42.000000Z"}'


class Raw(io.BytesIO):
    def stream(self, **_):
        return iter([self.getvalue()])


class Bucket:
    """Answers PUT with If-None-Match as S3 does; `trouble` are statuses for the next requests."""

    def __init__(self):
        self.secret: Secret
        self.clock: Clock
        self.objects: dict[str, bytes] = {}
        self.trouble: list[int] = []

    def answer(self, request, **_):
        status, key = 200, request.url.partition("bronze/")[2]
        if self.trouble:
            status = self.trouble.pop(0)
        elif key in self.objects:
            assert request.headers["If-None-Match"] == b"*"
            status = 412
        else:
            body = request.body
            self.objects[key] = body if isinstance(body, bytes) else body.read()
        return AWSResponse(request.url, status, {}, Raw(b""))

    @property
    def keys(self):
        return [key.replace("%3D", "=") for key in self.objects]


class Secret:
    """Answers GetSecretValue as Secrets Manager does; `trouble` is what it answers instead."""

    def __init__(self, value: str | None):
        self.value = value
        self.trouble: tuple[int, str] | None = None
        self.calls = 0
        self.unreachable = False

    def answer(self, request, **_):
        self.calls += 1
        if self.unreachable:
            raise ConnectTimeoutError(endpoint_url=request.url)
        found: dict[str, Any] = {"Name": "keys", "SecretString": self.value}
        status = 200
        if self.trouble or self.value is None:
            status, code = self.trouble or (400, "ResourceNotFoundException")
            found = {"__type": code, "message": "in AWS's words"}
        body = Raw(json.dumps(found).encode())
        return AWSResponse(request.url, status, {}, body)


class Clock:
    """The function's clock, which goes on when a test says so."""

    def __init__(self):
        self.ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead


def prepared(monkeypatch, keys: str | None = "key") -> Bucket:
    """The function with an empty bucket, and `keys` as the value of its secret."""
    for name in ("REQUIRE_SIGNATURE", "SIGNATURE_TOLERANCE_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRONZE_BUCKET", "bronze")
    monkeypatch.setenv("SIGNING_KEYS_SECRET", "keys")
    wire, secret, clock = Bucket(), Secret(keys), Clock()
    clients = {"s3": wired("s3", wire), "secretsmanager": wired("secretsmanager", secret)}
    monkeypatch.setattr(webhook, "client", lambda service: clients[service])
    monkeypatch.setattr(webhook, "KEYS", webhook.SigningKeys())
    monkeypatch.setattr(webhook, "CONFLICT_WAITS", (0, 0))
    monkeypatch.setattr(webhook, "time", SimpleNamespace(time=clock.time, sleep=time.sleep))
    wire.secret, wire.clock = secret, clock
    return wire


def wired(service: str, wire: Any) -> Any:
    client = boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=webhook.Config(retries={"total_max_attempts": 1}),
    )
    client.meta.events.register(
        f"before-send.{service.replace('secretsmanager', 'secrets-manager')}", wire.answer
    )
    return client


def event(body: bytes | str | None, headers: dict | None = None, **more) -> dict:
    if isinstance(body, bytes):
        body, more = base64.b64encode(body).decode(), {"isBase64Encoded": True, **more}
    return {"httpMethod": "POST", "path": "/webhook", "headers": headers, "body": body, **more}


def call(body, headers=None, **more):
    answer = webhook.lambda_handler(event(body, headers, **more), None)
    return answer["statusCode"], json.loads(answer["body"]), answer["headers"]


def signed(key: str, body: bytes, at: int | None = None) -> dict[str, str]:
    at = int(time.time()) if at is None else at
    digest = hmac.new(key.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"CALENDLY-webhook-Signature": f"t={at},v1={digest}"}
