"""Metadata of S3 in SQLite: buckets, objects with their versions in order, tags."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.edge.store.database import loaded, opened

WHAT = "The metadata of S3"
SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
    position INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key TEXT NOT NULL,
    version TEXT NOT NULL, document BLOB NOT NULL, UNIQUE (bucket, key, version));
CREATE TABLE IF NOT EXISTS tags (name TEXT PRIMARY KEY, document BLOB NOT NULL);
"""
UNVERSIONED = ""


class Metadata:
    """What is written is on disk when the call returns; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection = opened(path, WHAT, SCHEMA)

    def save_bucket(self, name: str, attributes: dict[str, Any]) -> None:
        self._run("INSERT OR REPLACE INTO buckets VALUES (?, ?)", name, pickle.dumps(attributes))

    def delete_bucket(self, name: str) -> None:
        with self._lock:
            self._run("DELETE FROM objects WHERE bucket=?", name)
            self._run("DELETE FROM buckets WHERE name=?", name)

    def save_object(self, bucket: str, key: str, version: str | None, s3_object: Any) -> None:
        """A version that is there keeps its place in the order."""
        self._run(
            "INSERT INTO objects (bucket, key, version, document) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (bucket, key, version) DO UPDATE SET document=excluded.document",
            *(bucket, key, version or UNVERSIONED, pickle.dumps(s3_object)),
        )

    def delete_object(self, bucket: str, key: str, version: str | None) -> None:
        self._run(
            "DELETE FROM objects WHERE bucket=? AND key=? AND version=?",
            *(bucket, key, version or UNVERSIONED),
        )

    def version_objects(self, bucket: str) -> None:
        """Name the objects of a bucket as S3 does when its versioning begins."""
        self._run("UPDATE objects SET version='null' WHERE bucket=? AND version=''", bucket)

    def save_tags(self, name: str, tags: dict[str, str] | None) -> None:
        if tags:
            self._run("INSERT OR REPLACE INTO tags VALUES (?, ?)", name, pickle.dumps(tags))
        else:
            self._run("DELETE FROM tags WHERE name=?", name)

    def buckets(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, document in self._run("SELECT name, document FROM buckets ORDER BY rowid"):
            yield name, self._loaded(document)

    def objects(self, bucket: str) -> Iterator[tuple[str, Any]]:
        """Keys and objects, older versions first."""
        for key, document in self._run(
            "SELECT key, document FROM objects WHERE bucket=? ORDER BY position", bucket
        ):
            yield key, self._loaded(document)

    def tags(self) -> Iterator[tuple[str, dict[str, str]]]:
        for name, document in self._run("SELECT name, document FROM tags"):
            yield name, self._loaded(document)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _run(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _loaded(self, document: bytes) -> Any:
        return loaded(pickle.loads, document, WHAT, self._path)
