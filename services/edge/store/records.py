"""The control plane's state: JSON documents by (kind, key) in one SQLite file."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.edge.store.database import loaded, opened

Document = dict[str, Any]
FIRST = "000000000000/us-east-1"  # whose state was kept before accounts were kept apart
ADOPTED = "adopted"
WHAT = "The state of EMR Serverless, Glue, Athena and CodePipeline"
SCHEMA = """
CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, document TEXT NOT NULL,
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, UNIQUE (kind, key));
"""


class Records:
    """A document is on disk before `put` returns; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection = opened(path, WHAT, SCHEMA)

    def get(self, kind: str, key: str) -> Document | None:
        rows = self._query("SELECT document FROM records WHERE kind=? AND key=?", kind, key)
        return self._loaded(rows[0][0]) if rows else None

    def put(self, kind: str, key: str, document: Document) -> None:
        """Insert or replace; `document` must be plain JSON (times as epoch seconds)."""
        self._query(
            "INSERT INTO records (kind, key, document) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET document=excluded.document",
            kind,
            key,
            json.dumps(document),
        )

    def delete(self, kind: str, key: str) -> None:
        self._query("DELETE FROM records WHERE kind=? AND key=?", kind, key)

    def list(self, kind: str, prefix: str = "") -> Sequence[Document]:
        """All documents of a kind whose key starts with `prefix`, oldest first."""
        rows = self._query(
            "SELECT document FROM records WHERE kind=? AND substr(key, 1, ?)=? ORDER BY sequence",
            kind,
            len(prefix),
            prefix,
        )
        return [self._loaded(row[0]) for row in rows]

    def of(self, scope: str) -> Scoped:
        """Those of an account and region, `000000000000/us-east-1`."""
        return Scoped(self, scope)

    def scopes(self, kinds: Sequence[str]) -> set[str]:
        """The accounts and regions that have any of these kinds."""
        marks = ", ".join("?" * len(kinds))
        rows = self._query(f"SELECT key FROM records WHERE kind IN ({marks})", *kinds)
        return {"/".join(key.split("/", 2)[:2]) for (key,) in rows}

    def adopt(self, kinds: Sequence[str]) -> None:
        """Once: what was written before keys had an account and region belongs to the first."""
        with self._lock:
            for kind in kinds:
                if self.get(ADOPTED, kind) is None:
                    self._adopt(kind)

    def _adopt(self, kind: str) -> None:
        """Both or neither: a death in between would have it done twice."""
        self._query("BEGIN IMMEDIATE")
        try:
            self._query("UPDATE records SET key=? || key WHERE kind=?", f"{FIRST}/", kind)
            self.put(ADOPTED, kind, {})
            self._query("COMMIT")
        except BaseException:
            self._query("ROLLBACK")
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _loaded(self, document: str) -> Document:
        return loaded(json.loads, document, WHAT, self._path)

    def _query(self, sql: str, *values: Any) -> Sequence[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


class Scoped:
    """Records of one account and region: the keys of others are not seen."""

    def __init__(self, records: Records, scope: str) -> None:
        self._records, self._prefix = records, f"{scope}/"
        self.account, _, self.region = scope.partition("/")

    def get(self, kind: str, key: str) -> Document | None:
        return self._records.get(kind, self._prefix + key)

    def put(self, kind: str, key: str, document: Document) -> None:
        self._records.put(kind, self._prefix + key, document)

    def delete(self, kind: str, key: str) -> None:
        self._records.delete(kind, self._prefix + key)

    def list(self, kind: str, prefix: str = "") -> Sequence[Document]:
        return self._records.list(kind, self._prefix + prefix)
