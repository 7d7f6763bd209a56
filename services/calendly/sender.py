"""One delivery to the webhook in, what became of it out; tried again as Calendly does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from services.calendly.posting import Poster
from services.calendly.signature import signature

OUTCOMES = ("stored", "repeated", "quarantined")


@dataclass(frozen=True)
class Backoff:
    """Calendly goes on for 24 hours; here it ends after `attempts`."""

    attempts: int = 6
    first_seconds: float = 0.5
    longest_seconds: float = 8.0

    def wait(self, attempt: int) -> float:
        return float(min(self.first_seconds * 2 ** (attempt - 1), self.longest_seconds))


@dataclass(frozen=True)
class Try:
    """An attempt: when, by the wall clock, and what was answered."""

    at: float
    status: int | None
    answer: str
    signature: str | None


@dataclass(frozen=True)
class Result:
    """outcome: stored, repeated, quarantined, refused (4xx) or failed (gave up).

    `answer` is the last answer's text, or the error where there was none (then status is None).
    """

    outcome: str
    status: int | None
    answer: str
    attempts: int
    tries: tuple[Try, ...] = ()


class Sender:
    """Posts to one URL over connections that stay open; may be used by many threads."""

    def __init__(
        self,
        url: str,
        signing_key: str | None,
        *,
        connections: int = 1,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._key = url, signing_key
        self._backoff = backoff or Backoff()
        self._clock, self._sleep = clock, sleep
        self._poster = Poster(connections)

    def close(self) -> None:
        self._poster.close()

    def send(self, body: bytes) -> Result:
        """Post until the answer is 2xx or a refusal, or until the attempts are used up.

        A refusal (4xx but 429) is final: the same body would be refused again.
        """
        attempt, tries = 0, list[Try]()
        while True:
            attempt += 1
            result = self._attempt(body, attempt, tries)
            if result.outcome != "failed" or attempt == self._backoff.attempts:
                return result
            self._sleep(self._backoff.wait(attempt))

    def _attempt(self, body: bytes, attempt: int, tries: list[Try]) -> Result:
        at = self._clock()
        signed = None if self._key is None else signature(self._key, body, int(at))
        answer = self._poster.post(self._url, body, signed)
        tries.append(Try(at, answer.status, answer.text, signed))
        if answer.status is None:
            return Result("failed", None, answer.text, attempt, tuple(tries))
        outcome = outcome_of(answer.status, answer.outcome, answer.text)
        return Result(outcome, answer.status, answer.text, attempt, tuple(tries))


def outcome_of(status: int, told: str | None, text: str) -> str:
    """What an answer means; a webhook that does not tell the outcome is believed by its message."""
    if 400 <= status < 500 and status != 429:
        return "refused"
    if not 200 <= status < 300:
        return "failed"
    if told in OUTCOMES:
        return told
    return "quarantined" if _message(text) == "Webhook quarantined" else "stored"


def _message(text: str) -> str | None:
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    return answer.get("message") if isinstance(answer, dict) else None
