"""The webhook function, called with proxy events; S3 is a botocore client over a stand-in wire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import io
import json
import sys
import time

import boto3
from botocore.awsrequest import AWSResponse

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


def prepared(monkeypatch) -> Bucket:
    for name in ("CALENDLY_SIGNING_KEYS", "REQUIRE_SIGNATURE", "SIGNATURE_TOLERANCE_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRONZE_BUCKET", "bronze")
    wire = Bucket()
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=webhook.Config(retries={"total_max_attempts": 1}),
    )
    client.meta.events.register("before-send.s3", wire.answer)
    monkeypatch.setattr(webhook, "s3_client", lambda: client)
    monkeypatch.setattr(webhook, "CONFLICT_WAITS", (0, 0))
    return wire


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
