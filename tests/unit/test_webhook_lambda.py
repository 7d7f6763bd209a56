"""The webhook function called with proxy events; S3 is a botocore client over a stand-in wire."""

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
import pytest
from botocore.awsrequest import AWSResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


@pytest.fixture
def bucket(monkeypatch):
    return prepared(monkeypatch)


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


def test_a_delivery_is_stored_below_its_event_date_and_answered_with_its_key(bucket):
    status, answer, headers = call(DATED)

    (key,) = bucket.keys
    assert status == 200
    assert answer == {"message": "Webhook ingested successfully", "s3_key": key}
    assert key.startswith("events/event_date=2026-01-16/") and key.endswith(".json")
    assert headers["x-lakehouse-outcome"] == "stored"
    stored = json.loads(next(iter(bucket.objects.values())))
    assert list(stored) == ["ingestion_time", "source", "data"]
    assert stored["source"] == "calendly_webhook"
    assert stored["data"] == json.loads(DATED)
    assert len(stored["ingestion_time"]) == len("2026-01-16T15:54:42.000000")


def test_the_body_is_kept_as_received_in_spelling_and_repeated_names(bucket):
    body = b'{"a": 1.50, "a": 1e2, "b": "\\ud800", "c": "\\u00e9"}'

    assert call(b"\n " + body + b" \r\n")[0] == 200
    assert next(iter(bucket.objects.values())).endswith(b'"data": ' + body + b"}")


def test_a_byte_identical_repeat_makes_no_second_object_and_gets_the_same_key(bucket):
    first, second = call(DATED), call(DATED.decode())

    assert first[:2] == second[:2]
    assert second[2]["x-lakehouse-outcome"] == "repeated"
    assert len(bucket.keys) == 1


def test_a_reserialised_repeat_makes_a_second_object(bucket):
    call(DATED)
    call(json.dumps(json.loads(DATED), indent=1))

    assert len(bucket.keys) == 2


@pytest.mark.parametrize(
    ("created_at", "day"),
    [
        ('"2026-01-16T23:30:00-05:00"', "2026-01-17"),
        ('"2026-01-16T00:30:00.5+01:00"', "2026-01-15"),
        ('"2026-01-16T00:00:00Z"', "2026-01-16"),
        ('"2026-01-16"', "unknown"),
        ('"2026-01-16T00:00:00"', "unknown"),
        ('"2026-02-30T00:00:00Z"', "unknown"),
        ('"2026-01-16T00:00:60Z"', "unknown"),
        ('"2026-01-16T00:00:00.1234567Z"', "unknown"),
        ('"2026-01-16T00:00:00+24:00"', "unknown"),
        ('"0001-01-01T00:00:00+10:00"', "unknown"),
        ('"2026-01-16T00:00:00Z\\n"', "unknown"),
        ('"../../x"', "unknown"),
        ("5", "unknown"),
        ("null", "unknown"),
    ],
)
def test_the_event_date_is_the_utc_date_of_a_readable_created_at(bucket, created_at, day):
    assert call('{"created_at": ' + created_at + "}")[0] == 200
    assert bucket.keys[0].split("/")[1] == f"event_date={day}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"[]",
        b'"text"',
        b"null",
        b"{}{}",
    ],
)
def test_what_is_no_json_object_is_kept_raw_in_quarantine(bucket, body):
    status, answer, headers = call(body)

    assert (status, answer["message"]) == (200, "Webhook quarantined")
    assert bucket.keys == [answer["s3_key"]]
    assert answer["s3_key"].startswith("quarantine/")
    assert list(bucket.objects.values()) == [body]
    assert headers["x-lakehouse-outcome"] == "quarantined"


def test_a_missing_body_is_quarantined_as_an_empty_one(bucket):
    assert call(None)[1] == call(b"")[1]


def test_a_right_signature_of_any_configured_key_is_accepted(bucket, monkeypatch):
    monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "old, new")

    assert call(DATED, signed("new", DATED))[0] == 200
    assert call(DATED, signed("old", DATED))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        signed("other", DATED),
        signed("key", DATED + b" "),
        {"calendly-webhook-signature": ""},
        {"calendly-webhook-signature": "t=1"},
        {"calendly-webhook-signature": f"t={'9' * 5000},v1=00"},
        {"calendly-webhook-signature": f"t={int(time.time())},v1=\u00e9"},
    ],
)
def test_a_wrong_signature_is_401_and_stores_nothing(bucket, monkeypatch, headers):
    monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "key")

    assert call(DATED, headers)[0] == 401
    assert bucket.keys == []


@pytest.mark.parametrize("seconds", [-90_100, 90_100])
def test_a_stale_signature_is_401_and_stores_nothing(bucket, monkeypatch, seconds):
    monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "key")

    assert call(DATED, signed("key", DATED, int(time.time()) + seconds))[0] == 401
    assert bucket.keys == []


def test_a_signature_within_the_configured_tolerance_is_accepted(bucket, monkeypatch):
    monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "key")
    headers = signed("key", DATED, int(time.time()) - 100)

    assert call(DATED, headers)[0] == 200
    monkeypatch.setenv("SIGNATURE_TOLERANCE_SECONDS", "50")
    assert call(DATED, headers)[0] == 401


def test_a_missing_signature_is_refused_only_where_it_is_required(bucket, monkeypatch):
    monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "key")

    assert call(DATED, {"Accept": "*/*"})[0] == 200
    monkeypatch.setenv("REQUIRE_SIGNATURE", "true")
    assert call(DATED)[0] == 401


@pytest.mark.parametrize(
    ("variable", "value"),
    [("BRONZE_BUCKET", ""), ("REQUIRE_SIGNATURE", "yes"), ("SIGNATURE_TOLERANCE_SECONDS", "1d")],
)
def test_a_wrong_configuration_is_500_so_that_it_is_retried(bucket, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    status, answer, _ = call(DATED)

    assert status == 500
    assert variable in answer["message"]


def test_a_signature_without_a_configured_key_is_500(bucket):
    assert call(DATED, signed("key", DATED))[0] == 500
    assert bucket.keys == []


def test_size_is_checked_before_the_signature(bucket, monkeypatch):
    monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "key")
    limit = 1024 * 1024

    assert call(b"x" * (limit + 1), {"Calendly-Webhook-Signature": "bad"})[0] == 413
    assert call(b"x" * limit, {"Calendly-Webhook-Signature": "bad"})[0] == 401
    assert call(b"x" * limit)[0] == 200


def test_a_conflict_is_tried_again_and_a_lasting_one_is_500(bucket):
    bucket.trouble = [409, 409]
    assert call(DATED)[0] == 200
    assert len(bucket.keys) == 1
    bucket.trouble = [409, 409, 409]
    assert call(DATED + b" ")[0] == 500


def test_a_failure_of_s3_is_a_500_with_a_message(bucket):
    bucket.trouble = [503]

    status, answer, _ = call(DATED)

    assert status == 500
    assert answer["message"].startswith("The webhook could not be stored")


@pytest.mark.parametrize(
    ("route", "status"),
    [({"httpMethod": "GET"}, 405), ({"path": "/other"}, 404), ({"path": "/webhook/x"}, 404)],
)
def test_a_wrong_method_or_path_is_4xx(bucket, route, status):
    assert call(DATED, **route)[0] == status
    assert bucket.keys == []


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary()
    | st.text(alphabet=st.characters(), max_size=60)
    | st.recursive(
        st.none() | st.floats() | st.integers() | st.text(),
        lambda inner: st.dictionaries(st.text() | st.just("created_at"), inner) | st.lists(inner),
    ).map(json.dumps),
    header=st.none() | st.text(max_size=80),
)
def test_no_body_and_no_signature_whatever_gives_a_5xx(body, header):
    with pytest.MonkeyPatch.context() as monkeypatch:
        bucket = prepared_once(monkeypatch)
        monkeypatch.setenv("CALENDLY_SIGNING_KEYS", "key")
        headers = None if header is None else {"Calendly-Webhook-Signature": header}

        status, answer, _ = call(body, headers)

        assert status == (200 if header is None else 401)
        assert header is not None or answer["s3_key"] in bucket.keys


_prepared: list[Bucket] = []


def prepared_once(monkeypatch) -> Bucket:
    """Making a client is slow; the examples share one bucket."""
    if not _prepared:
        _prepared.append(prepared(monkeypatch))
        _clients.append(webhook.s3_client)
    monkeypatch.setenv("BRONZE_BUCKET", "bronze")
    monkeypatch.setattr(webhook, "s3_client", _clients[0])
    return _prepared[0]


_clients: list = []
