"""What has been acknowledged and is still to be delivered: on disk until it has been.

A delivery that the end of the edge interrupts is made again at the next start, so a receiver may
see it twice, as on AWS.
"""

from __future__ import annotations

import pickle
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localstack.runtime import events

from services.edge.store.database import loaded, opened
from services.edge.store.errors import not_stored

WHAT = "The deliveries that wait"
SCHEMA = "CREATE TABLE IF NOT EXISTS waiting (id INTEGER PRIMARY KEY, sender TEXT, item BLOB);"


class Outbox:
    """The deliveries of all senders, in the order in which they were asked for."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._opened: Any = None

    def put(self, sender: str, item: Any) -> int:
        """Before it is acknowledged; `item` can be pickled. The number that `delivered` takes."""
        try:
            with self._lock:
                made = self._connection().execute(
                    "INSERT INTO waiting (sender, item) VALUES (?, ?)", (sender, pickle.dumps(item))
                )
                return int(made.lastrowid)
        except sqlite3.Error as error:
            raise not_stored("A delivery", error) from error

    def deliver(self, number: int, delivery: Callable[[], None]) -> None:
        """It counts as made, whatever came of it, unless the edge was ending meanwhile."""
        try:
            delivery()
        finally:
            if not events.infra_stopping.is_set():
                with self._lock:
                    self._connection().execute("DELETE FROM waiting WHERE id = ?", (number,))

    def waiting(self) -> list[tuple[int, str, Any]]:
        """(number, sender, item) of what an earlier edge did not come to."""
        if not self._path.exists():
            return []
        with self._lock:
            rows = self._connection().execute("SELECT id, sender, item FROM waiting ORDER BY id")
            found = rows.fetchall()
        return [
            (number, sender, loaded(pickle.loads, item, WHAT, self._path))
            for number, sender, item in found
        ]

    def _connection(self) -> Any:
        if self._opened is None:
            self._opened = opened(self._path, WHAT, SCHEMA)
        return self._opened
