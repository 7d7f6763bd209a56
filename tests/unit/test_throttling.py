"""How many requests a stage's method lets in."""

from __future__ import annotations

from services.edge.apigateway.token_bucket import TokenBucket
from services.edge.patches.apigateway.throttling import limits

SETTINGS = {
    "*/*": {"throttlingRateLimit": 10.0, "throttlingBurstLimit": 5},
    "~1webhook/POST": {"throttlingRateLimit": 2.0, "throttlingBurstLimit": 1},
    "~1/GET": {"loggingLevel": "INFO"},
}


def test_a_burst_is_let_in_at_once_and_then_one_for_each_part_of_the_rate():
    bucket = TokenBucket(rate=2.0, burst=3.0, now=100.0)
    assert [bucket.takes(100.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.takes(100.4), bucket.takes(100.5), bucket.takes(100.6)] == [False, True, False]
    assert [bucket.takes(200.0) for _ in range(4)] == [True, True, True, False]


def test_nothing_is_let_in_where_the_burst_is_none():
    assert not TokenBucket(rate=100.0, burst=0.0, now=0.0).takes(10.0)


def test_a_method_has_its_own_limits_or_those_of_all_methods():
    assert limits(SETTINGS, "/webhook", "POST") == (2.0, 1.0)
    assert limits(SETTINGS, "/webhook", "GET") == (10.0, 5.0)
    assert limits(SETTINGS, "/", "GET") is None
    assert limits({}, "/webhook", "POST") is None
