"""Where the webhook function has its signing keys from, how long it keeps them, what it refuses."""

from __future__ import annotations

import pytest

from tests.support.webhook_function import DATED, call, prepared, signed

KEPT_SECONDS = 300


@pytest.fixture
def bucket(monkeypatch):
    return prepared(monkeypatch, "old")


def status(key: str, bucket) -> int:
    return call(DATED, signed(key, DATED, int(bucket.clock.time())))[0]


def test_keys_are_read_once_for_many_deliveries_and_anew_after_five_minutes(bucket):
    assert [status("old", bucket) for _ in range(20)] == [200] * 20
    assert bucket.secret.calls == 1
    bucket.clock.ahead += KEPT_SECONDS - 1
    assert (status("old", bucket), bucket.secret.calls) == (200, 1)
    bucket.clock.ahead += 2
    assert (status("old", bucket), bucket.secret.calls) == (200, 2)


def test_unsigned_deliveries_and_malformed_signatures_read_no_keys(bucket):
    assert call(DATED)[0] == 200
    for header in ("", "t=1", f"t={int(bucket.clock.time())}", "t=5,v1=00", "v1=00"):
        assert call(DATED, {"calendly-webhook-signature": header})[0] == 401
    assert bucket.secret.calls == 0


def test_a_rotation_needs_no_deployment_first_both_keys_then_the_new_one_alone(bucket):
    assert status("old", bucket) == 200
    bucket.clock.ahead += 6
    assert status("new", bucket) == 401
    bucket.clock.ahead += 6
    bucket.secret.value = "new,old"
    assert (status("new", bucket), status("old", bucket)) == (200, 200)
    bucket.secret.value = "new"
    bucket.clock.ahead += KEPT_SECONDS + 1
    assert (status("new", bucket), status("old", bucket)) == (200, 401)


def test_signatures_that_no_key_fits_read_the_keys_at_most_every_five_seconds(bucket):
    assert [status("forged", bucket) for _ in range(50)] == [401] * 50
    assert bucket.secret.calls == 1
    bucket.clock.ahead += 6
    assert [status("forged", bucket) for _ in range(50)] == [401] * 50
    assert bucket.secret.calls == 2


@pytest.mark.parametrize(
    "trouble", [(500, "InternalServiceError"), (400, "ThrottlingException"), None]
)
def test_kept_keys_serve_while_secrets_manager_does_not_answer(bucket, trouble):
    assert status("old", bucket) == 200
    bucket.secret.trouble, bucket.secret.unreachable = trouble, trouble is None
    bucket.clock.ahead += 10 * KEPT_SECONDS
    assert [status("old", bucket) for _ in range(5)] == [200] * 5
    assert status("forged", bucket) == 401
    assert bucket.secret.calls == 2  # a service that is down is not asked for each delivery
    bucket.secret.trouble, bucket.secret.unreachable, bucket.secret.value = None, False, "new"
    bucket.clock.ahead += 6
    assert (status("new", bucket), status("old", bucket)) == (200, 401)


@pytest.mark.parametrize("required", ["true", "false"])
@pytest.mark.parametrize(
    ("value", "trouble", "told"),
    [
        (None, None, "Expected signing keys in Secrets Manager, found ResourceNotFoundException"),
        ("x", (400, "AccessDeniedException"), "found AccessDeniedException"),
        ("x", (400, "InvalidRequestException"), "found InvalidRequestException"),
        ("x", (500, "InternalServiceError"), "found InternalServiceError"),
        (" , ,", None, "Expected signing keys in the secret, found none"),
        ('{"key": "old"}', None, "as plain text, found JSON"),
        ('"old"', None, "as plain text, found JSON"),
    ],
)
def test_without_a_usable_key_a_signed_delivery_is_500_and_nothing_is_stored(
    bucket, monkeypatch, required, value, trouble, told
):
    monkeypatch.setenv("REQUIRE_SIGNATURE", required)
    bucket.secret.value, bucket.secret.trouble = value, trouble
    for key in ("", "old", '{"key": "old"}'):
        code, answer, _ = call(DATED, signed(key, DATED))
        assert (code, told in answer["message"]) == (500, True), answer
    assert bucket.keys == []
    assert call(DATED)[0] == (401 if required == "true" else 200)


@pytest.mark.parametrize("value", [None, "", ",", "[]"])
def test_keys_that_were_taken_away_are_not_served_from_what_was_kept(bucket, value):
    assert status("old", bucket) == 200
    bucket.secret.value = value
    bucket.clock.ahead += KEPT_SECONDS + 1
    assert status("old", bucket) == 500
    bucket.secret.value = "old"
    assert status("old", bucket) == 200


def test_no_key_is_in_what_the_function_logs_or_answers(bucket, caplog):
    caplog.set_level("DEBUG")
    bucket.secret.value = '{"signing": "sesame-of-the-tests"}'
    told = str(call(DATED, signed("x", DATED)))
    bucket.secret.value = "sesame-of-the-tests"
    told += str(call(DATED, signed("forged", DATED))) + str(call(DATED, signed("", DATED)))
    own = [
        record.getMessage()
        for record in caplog.records
        if record.name == "root" or "project6" in record.name
    ]
    assert own
    assert "sesame" not in told + "\n".join(own)
