"""Metadata of S3 in SQLite: buckets, objects with their versions in order, tags; read by key."""

from __future__ import annotations

import pickle
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from services.edge.s3.listings.pages import Entry
from services.edge.s3.storage.tables import (
    COLUMNS,
    WHAT,
    check_apart,
    is_large,
    opened_metadata,
    row_of,
)
from services.edge.store.database import DamagedFileError, connected, loaded

LISTED = "size, etag, modified, storage_class, checksum_algorithm, checksum_type"
# With max(), SQLite takes the other columns of the same row: lang_select.html#bareagg
CURRENT = f"""
SELECT key, version, max(position), {LISTED} FROM objects WHERE bucket=? AND key>=? AND key<?
GROUP BY key HAVING size IS NOT NULL ORDER BY key
"""
VERSIONS = f"""
SELECT key, version, position, {LISTED} FROM objects WHERE bucket=? AND key>=? AND key<?
ORDER BY key, position DESC
"""
SET = f"""
INSERT OR REPLACE INTO objects (bucket, key, version, {", ".join(COLUMNS)})
VALUES (?, ?, ?, {", ".join("?" * len(COLUMNS))})
"""
CHANGE = f"UPDATE objects SET {', '.join(f'{name}=?' for name in COLUMNS)} WHERE position=?"
BUCKET_NAMES = "arn:"  # by which tags of buckets are found; an object's name begins with a bucket
TAGGED_OBJECT = f"SELECT 1 FROM tags WHERE name NOT LIKE '{BUCKET_NAMES}%' LIMIT 1"
CHECKPOINT_SECONDS = 0.25
JOURNAL_PAGES = 2000  # 8 MB: from there on a call does it nevertheless, so that there is an end
AFTER_ALL = b""  # SQLite orders each text before each blob


class Found(NamedTuple):
    """An object as it is stored; `position` grows with each that is set."""

    position: int
    version: str
    is_latest: bool
    document: bytes


class Metadata:
    """What is written is on disk when the call returns; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._damage: DamagedFileError | None = None
        self._connection = opened_metadata(path)
        self._connection.execute(f"PRAGMA wal_autocheckpoint={JOURNAL_PAGES}")
        # Most stores have none, and each object that is read or written would be looked for.
        self._has_tagged_objects = bool(self._run(TAGGED_OBJECT))

    def check(self) -> None:
        """Read a file that was too large to be read whole at the start; where it is damaged,
        nothing of it is served any more."""
        if not is_large(self._path):
            return
        try:
            check_apart(self._path)
        except DamagedFileError as error:
            self._damage = error
            raise

    def checkpoint(self) -> None:
        """Bring what is in the journal into the file, again and again; never returns.

        SQLite does it in the call that has filled the journal, and all others wait for it. The
        journal is as durable as the file: nothing that was acknowledged waits for this.
        """
        with closing(connected(self._path, WHAT)) as connection:
            while True:
                time.sleep(CHECKPOINT_SECONDS)
                with suppress(sqlite3.OperationalError):  # no room: the journal has it still
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def save_bucket(self, name: str, document: bytes) -> None:
        self._run("INSERT OR REPLACE INTO buckets VALUES (?, ?)", name, document)

    def delete_bucket(self, name: str, arn: str) -> None:
        """With all that belongs to it, for another of its name may come."""
        with self._lock, self._connection:
            self._run("BEGIN IMMEDIATE")
            self._run("DELETE FROM objects WHERE bucket=?", name)
            self._run("DELETE FROM tags WHERE name>=? AND name<?", f"{name}/", f"{name}0")
            self._run("DELETE FROM tags WHERE name=?", arn)
            self._run("DELETE FROM buckets WHERE name=?", name)

    def set_object(self, bucket: str, key: str, version: str, s3_object: Any) -> str | None:
        """Make it the latest of its key; returns the data file that is needed no more."""
        row = row_of(s3_object)
        identity = (bucket, key, version)
        with self._lock:
            replaced = self._run(
                "SELECT file FROM objects WHERE bucket=? AND key=? AND version=?", *identity
            )
            self._run(SET, *identity, *row)
        return replaced[0][0] if replaced and replaced[0][0] != row[0] else None

    def change_object(self, position: int, s3_object: Any) -> None:
        """Keep its place in the order; nothing happens where it was replaced or deleted."""
        self._run(CHANGE, *row_of(s3_object), position)

    def delete_object(self, bucket: str, key: str, version: str) -> None:
        self._run(
            "DELETE FROM objects WHERE bucket=? AND key=? AND version=?", bucket, key, version
        )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile: what was found is still so when it is changed."""
        with self._lock:
            yield

    def found(self, bucket: str, key: str, version: str | None = None) -> Found | None:
        """A version of an object, or the latest one."""
        rows = self._run(
            "SELECT position, version, document FROM objects WHERE bucket=? AND key=?"
            f" {'AND version=?' if version else ''} ORDER BY position DESC LIMIT 1",
            *((bucket, key, version) if version else (bucket, key)),
        )
        if not rows:
            return None
        position, name, document = rows[0]
        newer = version and self._run(
            "SELECT 1 FROM objects WHERE bucket=? AND key=? AND position>? LIMIT 1",
            *(bucket, key, position),
        )
        return Found(position, name, not newer, document)

    def has_key(self, bucket: str, key: str) -> bool:
        return bool(
            self._run("SELECT 1 FROM objects WHERE bucket=? AND key=? LIMIT 1", bucket, key)
        )

    def is_empty(self, bucket: str) -> bool:
        return not self._run("SELECT 1 FROM objects WHERE bucket=? LIMIT 1", bucket)

    def current(self, bucket: str, start: str, end: str | None) -> Iterator[Entry]:
        """The latest version of each key from `start` to before `end`; no delete markers."""
        return self._entries(CURRENT, bucket, start, end)

    def versions(self, bucket: str, start: str, end: str | None) -> Iterator[Entry]:
        """All versions and delete markers, the latest of a key first."""
        return self._entries(VERSIONS, bucket, start, end)

    def files_below(self, folder: str) -> set[str]:
        """The data files of that folder which objects have."""
        rows = self._run(
            "SELECT file FROM objects WHERE file>=? AND file<?", f"{folder}/", f"{folder}0"
        )
        return {file for (file,) in rows}

    def buckets(self) -> Iterator[tuple[str, bytes]]:
        yield from self._run("SELECT name, document FROM buckets ORDER BY rowid")

    def tags(self, name: str) -> dict[str, str] | None:
        if not self._has_tagged_objects and not name.startswith(BUCKET_NAMES):
            return None
        rows = self._run("SELECT document FROM tags WHERE name=?", name)
        return self.loaded(rows[0][0]) if rows else None

    def tagged(self) -> list[str]:
        return [name for (name,) in self._run("SELECT name FROM tags")]

    def save_tags(self, name: str, tags: dict[str, str] | None) -> None:
        if tags:
            self._has_tagged_objects |= not name.startswith(BUCKET_NAMES)
            self._run("INSERT OR REPLACE INTO tags VALUES (?, ?)", name, pickle.dumps(tags))
        else:
            self._run("DELETE FROM tags WHERE name=?", name)

    def loaded(self, document: bytes) -> Any:
        return loaded(pickle.loads, document, WHAT, self._path)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _entries(self, sql: str, bucket: str, start: str, end: str | None) -> Iterator[Entry]:
        """Read while they are taken; others wait until the caller has taken all or lets go."""
        with self._lock:
            self._refuse_damaged()
            values = (bucket, start, AFTER_ALL if end is None else end)
            yield from map(Entry._make, self._connection.execute(sql, values))

    def _run(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            self._refuse_damaged()
            return self._connection.execute(sql, values).fetchall()

    def _refuse_damaged(self) -> None:
        if self._damage:
            raise self._damage
