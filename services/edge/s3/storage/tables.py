"""Tables of S3's metadata, and how a file of an earlier release is brought up to them.

A listing reads only the columns before `document`, so that a page costs no unpickling.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.edge.store.database import Connection, NewerFileError, check, loaded, opened

WHAT = "The metadata of S3"
RELEASE = 1  # of the tables, as PRAGMA user_version tells it
LARGE_BYTES = 100_000_000
NULL_VERSION = "null"  # S3's name of what was stored without versioning
# A delete marker has no size. `modified` is in microseconds since 1970.
COLUMNS = (
    *("file", "size", "etag", "modified", "storage_class"),
    *("checksum_algorithm", "checksum_type", "document"),
)
OBJECTS = """
CREATE TABLE IF NOT EXISTS objects (
    position INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key TEXT NOT NULL,
    version TEXT NOT NULL, file TEXT, size INTEGER, etag TEXT, modified INTEGER NOT NULL,
    storage_class TEXT, checksum_algorithm TEXT, checksum_type TEXT, document BLOB NOT NULL,
    UNIQUE (bucket, key, version));
"""
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, document BLOB NOT NULL);
{OBJECTS}
CREATE TABLE IF NOT EXISTS tags (name TEXT PRIMARY KEY, document BLOB NOT NULL);
"""
FILES = "CREATE INDEX IF NOT EXISTS objects_by_file ON objects (file)"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def opened_metadata(path: Path) -> Connection:
    """A connection to tables of this release. Raises DamagedFileError, NewerFileError."""
    connection = opened(path, WHAT, SCHEMA, read_whole=not is_large(path))
    (release,) = connection.execute("PRAGMA user_version").fetchone()
    if release > RELEASE:
        connection.close()
        raise NewerFileError(WHAT, path, RELEASE, release)
    if release < RELEASE:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            _bring_up(connection, path)
    return connection


def is_large(path: Path) -> bool:
    """Whether reading the file whole would hold up the start of the edge."""
    return path.exists() and path.stat().st_size > LARGE_BYTES


def check_apart(path: Path) -> None:
    """Read a large file whole while it is in use. Raises DamagedFileError."""
    with closing(opened(path, WHAT, SCHEMA, read_whole=False)) as connection:
        check(connection)


def row_of(s3_object: Any) -> tuple[Any, ...]:
    """The values of COLUMNS."""
    since = s3_object.last_modified - EPOCH
    checksum = getattr(s3_object, "checksum_algorithm", None)
    return (
        getattr(s3_object, "data_file", None),
        *(getattr(s3_object, "size", None), getattr(s3_object, "etag", None)),
        since // timedelta(microseconds=1),
        getattr(s3_object, "storage_class", None),
        *(checksum, getattr(s3_object, "checksum_type", "FULL_OBJECT") if checksum else None),
        pickle.dumps(s3_object),
    )


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    known = {row[1] for row in connection.execute("PRAGMA table_info(objects)")}
    if "file" not in known:
        connection.execute("ALTER TABLE objects RENAME TO objects_0")
        connection.execute(OBJECTS)
        places = ", ".join("?" * (4 + len(COLUMNS)))
        connection.executemany(
            f"INSERT INTO objects (position, bucket, key, version, {', '.join(COLUMNS)})"
            f" VALUES ({places})",
            _rows_of_release_0(connection, path),
        )
        connection.execute("DROP TABLE objects_0")
    connection.execute(FILES)
    connection.execute(f"PRAGMA user_version={RELEASE}")


def _rows_of_release_0(connection: sqlite3.Connection, path: Path) -> Iterator[tuple[Any, ...]]:
    for position, bucket, key, version, document in connection.execute(
        "SELECT position, bucket, key, version, document FROM objects_0"
    ):
        s3_object = loaded(pickle.loads, document, WHAT, path)
        yield (position, bucket, key, version or NULL_VERSION, *row_of(s3_object))
