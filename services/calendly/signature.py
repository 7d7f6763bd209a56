"""Calendly's webhook signature: key, time and body in, header value out."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "Calendly-Webhook-Signature"


def signature(key: str, body: bytes, unix_seconds: int) -> str:
    """`t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, as Calendly documents it."""
    signed = f"{unix_seconds}.".encode() + body
    digest = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={unix_seconds},v1={digest}"
