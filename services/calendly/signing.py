"""A message in, its signature header and the bytes that go out: right, or wrong in a named way."""

from __future__ import annotations

from typing import Any

from services.calendly.signature import signature

# How a signature can be wrong; `correct` is what Calendly does.
KINDS = ("correct", "wrong_key", "stale", "malformed", "tampered", "absent")
STALE_SECONDS = 10 * 24 * 3600


def signed(message: dict[str, Any], now: int) -> tuple[str | None, bytes]:
    """The header (None: there is none, as for a subscription without a key), and the body."""
    key, body, kind = message["signing_key"], message["body"], message["signing"]
    if key is None or kind == "absent":
        return None, body
    if kind == "wrong_key":
        return signature(f"{key} of another", body, now), body
    if kind == "stale":
        return signature(key, body, now - STALE_SECONDS), body
    if kind == "malformed":
        return f"v1={'0' * 64}", body
    if kind == "tampered":
        return signature(key, body, now), body + b" "
    return signature(key, body, now), body
