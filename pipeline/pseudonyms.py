"""Personal data of bronze replaced by pseudonyms: the same text becomes the same one, so that joins
hold, and nobody without the key can tell which text it was.

What is not known to be harmless is replaced: a new field of Calendly's is, until it is added here.
For people who look at single bodies there is masking.py, which hides instead.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

# Enumerations and settings of Calendly's API, and what marketing puts into its links.
KEPT = frozenset(
    {
        *("event", "status", "type", "source", "scheduling_method", "timezone", "currency"),
        *("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term"),
    }
)
KEPT_NUMBERS = frozenset({"total", "active", "limit", "position", "amount"})
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")
# Ids: they tell who only to somebody with access to the account. Other links let one act.
OPAQUE = re.compile(r"https://api\.calendly\.com/[A-Za-z0-9/_-]+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DIGITS = 12


class UnreadableError(ValueError):
    """The object is no JSON object: nobody knows what in it is personal."""


class Pseudonyms:
    """`key` is a secret of whoever makes the copy."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def object(self, raw: bytes) -> bytes:
        """A bronze object of a delivery with pseudonyms. Raises UnreadableError."""
        try:
            document = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise UnreadableError("expected JSON") from error
        if not isinstance(document, dict):
            raise UnreadableError(f"expected a JSON object, found {type(document).__name__}")
        return json.dumps(self._replaced(document, ""), ensure_ascii=False).encode()

    def _replaced(self, value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: self._replaced(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._replaced(element, key) for element in value]
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value if key in KEPT_NUMBERS else int(self._digest(repr(value)), 16)
        return value

    def _text(self, text: str, key: str) -> str:
        if not text.strip() or TIME.fullmatch(text) or OPAQUE.fullmatch(text):
            return text
        if key in KEPT and "@" not in text:
            return text
        # As silver standardises addresses: one person's stay one, however they were written.
        digest = self._digest(text.strip().lower())
        if EMAIL.fullmatch(text.strip()):
            return f"{digest}@example.com"
        return f"https://example.com/{digest}" if "://" in text else f"masked-{digest}"

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:DIGITS]
