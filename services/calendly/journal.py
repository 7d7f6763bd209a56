"""What a replay has delivered, kept where the simulator keeps its own: its page shows each of them.

A replay posts by itself, whether the simulator runs or not, and as fast as the webhook takes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from services.calendly import bookings, retries
from services.calendly.clock import Clock
from services.calendly.sender import OUTCOMES, Result
from services.calendly.store import REPLAY, Row, Store
from services.private_files import keep_private

AT_ONCE = 200
MESSAGE = (
    "INSERT INTO messages (subscription, event, body, signing, state, first_at, attempts, status,"
    " answer, outcome) VALUES (:subscription, :event, :body, :signing, :state, :first_at,"
    " :attempts, :status, :answer, :outcome)"
)


class Journal:
    """The deliveries of one replay, in the place of those of the last; for one thread at a time.

    Where the store cannot be written, `problem` says why, and the replay goes on without it.
    """

    problem: str | None = None

    def __init__(self, file: Path) -> None:
        keep_private(file.parent)
        self._store = Store(file)
        # Times are the simulator's; a signature's is real, as in its own deliveries.
        self._clock = Clock(self._store.clock(), keep=lambda _: None)
        self._waiting: list[tuple[bytes, Result, float]] = []
        with self._store.transaction() as write:
            of_replay = "(SELECT id FROM messages WHERE subscription = ?)"
            write.execute(f"DELETE FROM attempts WHERE message IN {of_replay}", (REPLAY,))
            write.execute("DELETE FROM messages WHERE subscription = ?", (REPLAY,))

    def note(self, body: bytes, result: Result) -> None:
        self._waiting.append((body, result, self._clock.now()))
        if len(self._waiting) >= AT_ONCE:
            self._keep()

    def close(self) -> None:
        self._keep()
        self._store.close()

    def _keep(self) -> None:
        try:
            self._write()
        except sqlite3.Error as error:
            self.problem = str(error)
        self._waiting = []

    def _write(self) -> None:
        with self._store.transaction() as write:
            for body, result, ended in self._waiting:
                envelope = bookings.parsed(body)
                if booking := bookings.booking(envelope):
                    self._store.keep_booking(write, booking)
                row = message(body, bookings.event_of(envelope), result, ended)
                number = write.execute(MESSAGE, row).lastrowid
                write.executemany(
                    "INSERT INTO attempts VALUES (?, ?, ?, ?, ?)",
                    [(number, *one) for one in attempts(result, ended)],
                )


def message(body: bytes, event: str, result: Result, ended: float) -> Row:
    """The delivery as the simulator keeps one; what was refused is not tried again here."""
    is_taken = result.outcome in OUTCOMES
    return {
        "subscription": REPLAY,
        "event": event,
        "body": body,
        "signing": "correct" if result.tries and result.tries[-1].signature else "absent",
        "state": retries.DELIVERED if is_taken else retries.FAILED,
        "first_at": attempts(result, ended)[0][0] if result.tries else ended,
        "attempts": result.attempts,
        "status": result.status,
        "answer": result.answer[: retries.LONGEST_ANSWER],
        "outcome": result.outcome,
    }


def attempts(result: Result, ended: float) -> Sequence[tuple[float, int | None, str, str | None]]:
    """Time, status, answer and signature of each try; the last of them is `ended`."""
    last = result.tries[-1].at if result.tries else 0.0
    return [
        (ended - (last - one.at), one.status, one.answer[: retries.LONGEST_ANSWER], one.signature)
        for one in result.tries
    ]
