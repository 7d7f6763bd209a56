"""The webhook through API Gateway and the Lambda, as a sender sees it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest

from tests.support.stack import Stack

KEY = b"local-signing-key"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def delivery(number: int) -> bytes:
    return json.dumps({"event": "x", "created_at": "2026-01-16T00:00:00Z", "n": number}).encode()


def signature(body: bytes, key: bytes = KEY, at: float | None = None) -> dict[str, str]:
    moment = str(int(time.time() if at is None else at))
    digest = hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {**JSON, "Calendly-Webhook-Signature": f"t={moment},v1={digest}"}


def stored(stack: Stack, answer) -> dict:
    found = stack.client("s3").get_object(
        Bucket="project6-bronze-bucket", Key=answer.json()["s3_key"]
    )
    return json.loads(found["Body"].read())


def test_the_documented_test_body_is_stored_and_answered_as_documented(webhook):
    body = b'{"event": {"invitee": "test_123", "created_at": "2026-01-13"}}'
    answer = webhook.post(body, JSON)
    assert answer.status_code == 200
    assert answer.json()["message"] == "Webhook ingested successfully"
    assert answer.json()["s3_key"].startswith("events/event_date=unknown/")
    document = stored(webhook, answer)
    assert document["source"] == "calendly_webhook"
    assert document["data"] == json.loads(body)


def test_a_byte_identical_repeat_has_the_same_key_and_one_object(webhook):
    first, second = webhook.post(delivery(1), JSON), webhook.post(delivery(1), JSON)
    assert first.json()["s3_key"] == second.json()["s3_key"]
    assert first.json()["s3_key"].startswith("events/event_date=2026-01-16/")
    keys = webhook.keys("project6-bronze-bucket", first.json()["s3_key"])
    assert len(keys) == 1


@pytest.mark.parametrize("headers", [JSON, FORM], ids=["json", "form, as curl sends it"])
def test_a_body_is_stored_as_it_was_sent_whatever_it_calls_itself(webhook, headers):
    body = b'{"event": "a=b&c=%20+d", "created_at": "2026-01-16T00:00:00Z"}'
    answer = webhook.post(body, headers)
    assert stored(webhook, answer)["data"] == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe\x00",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "text", "list", "string", "nan", "infinity", "binary", "deep", "digits"],
)
def test_a_body_that_is_no_json_object_is_kept_raw_in_quarantine(webhook, body):
    answer = webhook.post(body, JSON)
    assert (answer.status_code, answer.json()["message"]) == (200, "Webhook quarantined")
    key = answer.json()["s3_key"]
    assert key.startswith("quarantine/")
    kept = webhook.client("s3").get_object(Bucket="project6-bronze-bucket", Key=key)
    assert kept["Body"].read() == body


def test_a_right_signature_is_accepted_and_wrong_or_stale_ones_store_nothing(webhook):
    body = delivery(2)
    before = webhook.keys("project6-bronze-bucket", "")
    assert webhook.post(body, signature(body, key=b"other")).status_code == 401
    assert webhook.post(body, signature(body, at=time.time() - 90_100)).status_code == 401
    assert webhook.post(body, {**JSON, "Calendly-Webhook-Signature": "nonsense"}).status_code == 401
    assert webhook.keys("project6-bronze-bucket", "") == before
    assert webhook.post(body, signature(body, at=time.time() - 89_000)).status_code == 200


def test_a_body_over_one_mebibyte_is_refused(webhook):
    body = b'{"a": "' + b"x" * 2**20 + b'"}'
    assert webhook.post(body, JSON).status_code == 413
    assert webhook.post(body, FORM).status_code == 413
