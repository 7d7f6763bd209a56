"""Throttling: a rate of requests a second, and how many may come at once."""

from __future__ import annotations

import threading


class TokenBucket:
    """Holds `burst` requests at the most, and is filled by `rate` of them each second.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
    """

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst = rate, burst
        self._left, self._at = burst, now
        self._lock = threading.Lock()

    def takes(self, now: float) -> bool:
        """Whether one more request is let in; `now` is in seconds."""
        with self._lock:
            self._left = min(self.burst, self._left + max(0.0, now - self._at) * self.rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
