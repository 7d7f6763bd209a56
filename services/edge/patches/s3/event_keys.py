"""Keys in S3's events, written as S3 writes them; localstack/services/s3/notifications.py does not.

To Lambda, SQS and SNS a key is URL-encoded, a blank as `+`; to EventBridge it goes as it is, so
that patterns match it. Filters are told URL-encoded, and compared with the key itself.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from localstack.services.s3 import notifications
from localstack.utils.patch import Patch


def encoded(key: str) -> str:
    return quote_plus(key, safe="/")


def matches(key_filter: dict[str, Any] | None, encoded_key: str) -> bool:
    """Whether each rule of a notification's filter is met."""
    key = unquote_plus(encoded_key)
    rules = ((key_filter or {}).get("Key") or {}).get("FilterRules") or []
    return all(_is_met(rule, key) for rule in rules)


def _is_met(rule: dict[str, str], key: str) -> bool:
    value = unquote_plus(rule.get("Value", ""))
    is_prefix = rule.get("Name", "").lower() == "prefix"
    return key.startswith(value) if is_prefix else key.endswith(value)


def apply() -> None:
    notifier = notifications.EventBridgeNotifier
    payload = notifier._get_event_payload

    def with_plain_key(context: Any, config_id: Any = None) -> Any:
        plain = replace(context, key_name=unquote_plus(context.key_name))
        return payload(plain, config_id)

    Patch(notifications, "quote", encoded).apply()
    Patch(notifications, "_matching_filter", matches).apply()
    Patch(notifier, "_get_event_payload", staticmethod(with_plain_key)).apply()
