"""What the simulator knows, in one SQLite file; each method is one transaction.

An occurrence is something that will happen at Calendly at a time; a message is one delivery of it
to one subscription; an attempt is a try of a message. Times are simulated Unix seconds.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.calendly import retries
from services.calendly.clock import ClockState
from services.calendly.posting import Answer

Row = dict[str, Any]
REPLAY = "replay"  # in the place of a subscription, of what `lake replay` delivers
SCHEMA = """
CREATE TABLE IF NOT EXISTS simulator (
  id INTEGER PRIMARY KEY CHECK (id = 1), simulated REAL NOT NULL, real REAL NOT NULL,
  speed REAL NOT NULL, outage_until REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS subscriptions (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL, scope TEXT NOT NULL,
  owner TEXT, signing_key TEXT, signs_anew INTEGER NOT NULL, state TEXT NOT NULL,
  created_at REAL NOT NULL, updated_at REAL NOT NULL, retry_started_at REAL);
CREATE TABLE IF NOT EXISTS occurrences (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body BLOB NOT NULL,
  signing TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, subscription TEXT NOT NULL, event TEXT NOT NULL,
  body BLOB NOT NULL, signing TEXT NOT NULL, state TEXT NOT NULL, due_at REAL, first_at REAL,
  attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, answer TEXT, outcome TEXT);
CREATE TABLE IF NOT EXISTS attempts (
  message INTEGER NOT NULL, at REAL NOT NULL, status INTEGER, answer TEXT NOT NULL,
  signature TEXT);
CREATE TABLE IF NOT EXISTS bookings (
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, position TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_due ON messages (due_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS messages_of ON messages (subscription, state);
CREATE INDEX IF NOT EXISTS attempts_of ON attempts (message);
CREATE INDEX IF NOT EXISTS occurrences_due ON occurrences (at);
"""


@dataclass(frozen=True)
class Occurrence:
    at: float
    body: bytes
    signing: str = "correct"


class Store:
    """May be used by many threads; they take turns."""

    def __init__(self, file: Path) -> None:
        self._turn = threading.RLock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, statement: str, *values: Any) -> list[Row]:
        with self._turn:
            return [dict(row) for row in self._connection.execute(statement, values)]

    def row(self, statement: str, *values: Any) -> Row | None:
        found = self.rows(statement, *values)
        return found[0] if found else None

    def clock(self) -> ClockState | None:
        found = self.row("SELECT simulated, real, speed FROM simulator")
        return ClockState(**found) if found else None

    def keep_clock(self, state: ClockState) -> None:
        with self.transaction() as write:
            write.execute(
                "INSERT INTO simulator (id, simulated, real, speed) VALUES (1, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET simulated = excluded.simulated, real = excluded.real,"
                " speed = excluded.speed",
                (state.simulated, state.real, state.speed),
            )

    def outage_until(self) -> float:
        found = self.row("SELECT outage_until FROM simulator")
        return float(found["outage_until"]) if found else 0.0

    def set_outage(self, until: float) -> None:
        with self.transaction() as write:
            write.execute("UPDATE simulator SET outage_until = ?", (until,))

    def plan(self, occurrences: Sequence[Occurrence]) -> None:
        with self.transaction() as write:
            write.executemany(
                "INSERT INTO occurrences (at, body, signing) VALUES (?, ?, ?)",
                [
                    (occurrence.at, occurrence.body, occurrence.signing)
                    for occurrence in occurrences
                ],
            )

    def keep_booking(self, write: sqlite3.Connection, booking: Row) -> None:
        """Unless a later state of it is known already."""
        write.execute(
            "INSERT INTO bookings VALUES (:id, :event_id, :position, :document)"
            " ON CONFLICT DO UPDATE SET position = excluded.position, document = excluded.document"
            " WHERE excluded.position >= position",
            booking,
        )

    def next_due(self) -> float | None:
        found = self.row(
            "SELECT min(at) AS at FROM (SELECT min(at) AS at FROM occurrences"
            " UNION ALL SELECT min(due_at) FROM messages WHERE state = 'pending')"
        )
        return found["at"] if found else None

    def due(self, now: float, limit: int, but: Iterable[int]) -> list[Row]:
        """Pending messages whose time has come, with what their subscription says of them."""
        return self.rows(
            "SELECT messages.*, url, signing_key, signs_anew FROM messages"
            " JOIN subscriptions ON subscriptions.id = subscription"
            " WHERE messages.state = 'pending' AND due_at <= ?"
            " AND messages.id NOT IN (SELECT value FROM json_each(?))"
            " ORDER BY due_at, messages.id LIMIT ?",
            now, json.dumps(list(but)), limit,
        )  # fmt: skip

    def record(self, message: Row, at: float, answer: Answer, signature: str | None) -> None:
        """An attempt, and what it makes of the message and of its subscription."""
        first, attempts = message["first_at"] or at, message["attempts"] + 1
        state, due = retries.state_after(answer, first, attempts, at)
        text = answer.text[: retries.LONGEST_ANSWER]
        with self.transaction() as write:
            write.execute(
                "INSERT INTO attempts VALUES (?, ?, ?, ?, ?)",
                (message["id"], at, answer.status, text, signature),
            )
            write.execute(
                "UPDATE messages SET state = ?, due_at = ?, first_at = ?, attempts = ?, status = ?,"
                " answer = ?, outcome = ? WHERE id = ?",
                (state, due, first, attempts, answer.status, text, answer.outcome, message["id"]),
            )
            if answer.status == retries.GONE:
                delete(write, message["subscription"])
            else:
                weigh(write, message, at, given_up=state == retries.FAILED)


def weigh(write: sqlite3.Connection, message: Row, at: float, *, given_up: bool) -> None:
    """What the messages that fail make of their subscription: retrying since, or disabled.

    It is disabled by a message that is given up where another fails too, or was given up less than
    24 hours before.
    """
    subscription = message["subscription"]
    failing = write.execute(
        "SELECT count(*) FROM messages WHERE subscription = ? AND attempts > 0"
        " AND (state = 'pending' OR state = 'failed' AND first_at >= ?) AND id != ?",
        (subscription, at - 2 * retries.LONGEST, message["id"]),
    ).fetchone()[0]
    if given_up and failing:
        write.execute(
            "UPDATE subscriptions SET state = 'disabled', updated_at = ? WHERE id = ?",
            (at, subscription),
        )
        write.execute(
            "UPDATE messages SET state = 'dropped', due_at = NULL"
            " WHERE subscription = ? AND state = 'pending'",
            (subscription,),
        )
        return
    write.execute(
        "UPDATE subscriptions SET retry_started_at ="
        " (SELECT min(first_at) FROM messages WHERE subscription = ? AND attempts > 0"
        " AND state = 'pending') WHERE id = ? AND state = 'active'",
        (subscription, subscription),
    )


def delete(write: sqlite3.Connection, subscription: str) -> int:
    """Its messages stay as a record, and what waits is dropped; how many there were to delete."""
    write.execute(
        "UPDATE messages SET state = 'dropped', due_at = NULL"
        " WHERE subscription = ? AND state = 'pending'",
        (subscription,),
    )
    return write.execute("DELETE FROM subscriptions WHERE id = ?", (subscription,)).rowcount
