"""Which signatures the webhook function takes, and what it checks before them."""

from __future__ import annotations

import time

import pytest

from tests.support.webhook_function import DATED, call, prepared, signed


@pytest.fixture
def bucket(monkeypatch):
    return prepared(monkeypatch)


def test_a_right_signature_of_any_key_of_the_secret_is_accepted(bucket):
    bucket.secret.value = "old, new"

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
def test_a_wrong_signature_is_401_and_stores_nothing(bucket, headers):
    assert call(DATED, headers)[0] == 401
    assert bucket.keys == []


@pytest.mark.parametrize("seconds", [-90_100, 90_100])
def test_a_stale_signature_is_401_and_stores_nothing(bucket, seconds):
    assert call(DATED, signed("key", DATED, int(time.time()) + seconds))[0] == 401
    assert bucket.keys == []


def test_a_signature_within_the_configured_tolerance_is_accepted(bucket, monkeypatch):
    headers = signed("key", DATED, int(time.time()) - 100)

    assert call(DATED, headers)[0] == 200
    monkeypatch.setenv("SIGNATURE_TOLERANCE_SECONDS", "50")
    assert call(DATED, headers)[0] == 401


def test_a_missing_signature_is_refused_only_where_it_is_required(bucket, monkeypatch):
    assert call(DATED, {"Accept": "*/*"})[0] == 200
    monkeypatch.setenv("REQUIRE_SIGNATURE", "true")
    assert call(DATED)[0] == 401


def test_size_is_checked_before_the_signature(bucket):
    limit = 1024 * 1024

    assert call(b"x" * (limit + 1), {"Calendly-Webhook-Signature": "bad"})[0] == 413
    assert call(b"x" * limit, {"Calendly-Webhook-Signature": "bad"})[0] == 401
    assert call(b"x" * limit)[0] == 200
