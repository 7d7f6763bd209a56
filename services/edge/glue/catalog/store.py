"""The Data Catalog in SQLite: databases, tables with their versions, partitions.

What is written is on disk when the transaction ends: durable against the death of the process.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from services.edge.store.database import opened
from services.edge.store.records import FIRST

Document = dict[str, Any]
# Partition values that have a column, and are filtered by index; further ones are in `sorts`.
COLUMNS = 8
VALUES = ", ".join(f"v{position}" for position in range(COLUMNS))

# The index by values holds all that a filter asks for, so only rows that pass are read.
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tables (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    database TEXT NOT NULL REFERENCES databases (name) ON DELETE CASCADE,
    name TEXT NOT NULL, words TEXT NOT NULL, document TEXT NOT NULL,
    UNIQUE (database, name));
CREATE TABLE IF NOT EXISTS versions (
    table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
    version INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (table_id, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partitions (
    id INTEGER PRIMARY KEY,
    table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
    key TEXT NOT NULL, segment INTEGER NOT NULL, misfits TEXT,
    {VALUES}, sorts TEXT NOT NULL, document TEXT NOT NULL,
    UNIQUE (table_id, key));
CREATE INDEX IF NOT EXISTS partitions_by_value ON partitions (table_id, {VALUES}, key, segment);
CREATE INDEX IF NOT EXISTS partitions_misfits ON partitions (table_id, misfits)
    WHERE misfits IS NOT NULL;
"""


class CatalogStore:
    """Rows by SQL; one connection, whose users take turns."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = opened(path, "The Data Catalog", SCHEMA)
        for setting in ("foreign_keys=ON", "case_sensitive_like=ON"):
            self._connection.execute(f"PRAGMA {setting}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's writes or none; other threads wait."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have ended it already
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Any | None:
        return next(iter(self.rows(sql, *values)), None)

    def write(self, sql: str, *values: Any) -> int:
        """The number of rows that the statement changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def write_all(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self._lock:
            self._connection.executemany(sql, rows)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Catalogs:
    """A catalog for each account and region, in a file of its own, made when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._opened: dict[tuple[str, str], CatalogStore] = {}

    def of(self, account: str, region: str) -> CatalogStore:
        key = (account, region)
        with self._lock:
            if key not in self._opened:
                self._opened[key] = CatalogStore(self._path(account, region))
            return self._opened[key]

    def open_all(self) -> None:
        """Those that are on disk; raises DamagedFileError."""
        self.of(*FIRST.split("/"))
        for path in sorted(self._folder.glob("catalogs/*/*.sqlite")):
            self.of(path.parent.name, path.stem)

    def _path(self, account: str, region: str) -> Path:
        """The first account's has the name that it had when it was the only one."""
        if f"{account}/{region}" == FIRST:
            return self._folder / "catalog.sqlite"
        if not (account.isalnum() and re.fullmatch(r"[a-z0-9-]+", region)):
            raise ValueError(f"Expected an account and a region, found {account!r}, {region!r}")
        return self._folder / "catalogs" / account / f"{region}.sqlite"


def dumped(document: Document) -> str:
    """JSON; times, which requests bring as such, become epoch seconds."""
    return json.dumps(document, default=datetime.timestamp, separators=(",", ":"))


def loaded(text: str) -> Document:
    return dict(json.loads(text))
