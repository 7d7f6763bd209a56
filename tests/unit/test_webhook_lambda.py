"""What the webhook function stores and answers, whatever it is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.webhook_function import DATED, Bucket, call, prepared, webhook


@pytest.fixture
def bucket(monkeypatch):
    return prepared(monkeypatch)


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


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BRONZE_BUCKET", ""),
        ("SIGNING_KEYS_SECRET", ""),
        ("REQUIRE_SIGNATURE", "yes"),
        ("SIGNATURE_TOLERANCE_SECONDS", "1d"),
    ],
)
def test_a_wrong_configuration_is_500_so_that_it_is_retried(bucket, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    status, answer, _ = call(DATED)

    assert status == 500
    assert variable in answer["message"]


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


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        headers = None if header is None else {"Calendly-Webhook-Signature": header}

        status, answer, _ = call(body, headers)

        assert status == (200 if header is None else 401)
        assert header is not None or answer["s3_key"] in bucket.keys


_prepared: list[tuple[Bucket, Any, Any]] = []


def prepared_once(monkeypatch) -> Bucket:
    """Making clients is slow; the examples share them."""
    if not _prepared:
        _prepared.append((prepared(monkeypatch), webhook.client, webhook.KEYS))
    bucket, client, keys = _prepared[0]
    monkeypatch.setenv("BRONZE_BUCKET", "bronze")
    monkeypatch.setenv("SIGNING_KEYS_SECRET", "keys")
    monkeypatch.setattr(webhook, "client", client)
    monkeypatch.setattr(webhook, "KEYS", keys)
    return bucket
