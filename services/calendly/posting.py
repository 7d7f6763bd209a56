"""One attempt at one delivery: its bytes on the wire, as Calendly sends them."""

from __future__ import annotations

from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from services.calendly.signature import HEADER

# https://developer.calendly.com/api-docs/overview/webhooks/webhook-timeouts
CONNECT_SECONDS, READ_SECONDS = 10.0, 15.0


@dataclass(frozen=True)
class Answer:
    """status is None where there was none, and `text` then says why.

    `outcome` is what our webhook tells of itself in a header; Calendly does not look at it.
    """

    status: int | None
    text: str
    outcome: str | None = None

    @property
    def is_taken(self) -> bool:
        """2xx alone is success: redirects and all others are failures."""
        return self.status is not None and 200 <= self.status < 300


class Poster:
    """Keeps its connections open; may be used by many threads. The time-outs are in seconds."""

    def __init__(
        self, connections: int, *, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS
    ) -> None:
        timeout = Timeout(connect=connect, read=read)
        self._pool = urllib3.PoolManager(maxsize=connections, retries=False, timeout=timeout)

    def close(self) -> None:
        self._pool.clear()

    def post(self, url: str, body: bytes, signature: str | None) -> Answer:
        headers = {"Content-Type": "application/json", "User-Agent": "Calendly"}
        if signature is not None:
            headers[HEADER] = signature
        try:
            response = self._pool.request("POST", url, body=body, headers=headers, redirect=False)
        except HTTPError as error:
            return Answer(None, str(error))
        text = response.data.decode("utf-8", "replace")
        return Answer(response.status, text, response.headers.get("x-lakehouse-outcome"))
