"""Calendly's signature, against a value computed by openssl."""

from __future__ import annotations

from services.calendly.signature import signature


def test_the_signature_is_the_hmac_of_time_point_body():
    # printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac a-key
    assert signature("a-key", b'{"a":1}', 1_700_000_000) == (
        "t=1700000000,v1=89f1284e466f71f2505c7ab05141089c334ee0133790e7be04a9a1e5c5fd0f1a"
    )
