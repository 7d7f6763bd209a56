"""Events older than their log group keeps them: they go before the next call that would tell them.

CloudWatch takes up to 72 hours to delete what has expired, and shows none of it.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

# Given a stream and a time in milliseconds: what is older is to go.
Expire = Callable[[Any, int], None]


class Retention:
    """Looks at a group once a minute, and at once where its setting has changed."""

    def __init__(self, groups: Callable[[], Iterable[Any]], expire: Expire) -> None:
        self._groups, self._expire = groups, expire
        self._looked: dict[str, tuple[int, datetime]] = {}

    def settle(self, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        for group in self._groups():
            days = int(group.retention_in_days or 0)
            if not days or self._looked.get(group.arn) == (days, minute):
                continue
            self._looked[group.arn] = (days, minute)
            before = int((now - timedelta(days=days)).timestamp() * 1000)
            for stream in list(group.streams.values()):
                self._expire(stream, before)
