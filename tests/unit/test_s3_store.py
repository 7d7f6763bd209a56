"""The store of S3: files of an earlier release, data files that nobody needs, damage."""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing

import pytest
from localstack.services.s3.models import S3DeleteMarker, S3Object

from services.edge.s3.storage import files, tables
from services.edge.s3.storage.data import FileStore
from services.edge.s3.storage.metadata import Metadata
from services.edge.store.database import DamagedFileError

TABLES_OF_RELEASE_0 = """
CREATE TABLE buckets (name TEXT PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE objects (
    position INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key TEXT NOT NULL,
    version TEXT NOT NULL, document BLOB NOT NULL, UNIQUE (bucket, key, version));
CREATE TABLE tags (name TEXT PRIMARY KEY, document BLOB NOT NULL);
"""


def stored_object(key: str, file: str, size: int) -> S3Object:
    found = S3Object(key=key, etag=f"etag-{size}", size=size, user_metadata={"colour": "red"})
    found.data_file = file
    return found


def test_a_file_of_the_first_release_is_brought_up_with_all_it_holds(tmp_path):
    path = tmp_path / "metadata.sqlite"
    rows = [
        ("plain", "b", "", stored_object("b", "ab/b", 1)),
        ("plain", "a", "", stored_object("a", "ab/a", 2)),
        ("versioned", "k", "null", stored_object("k", "ab/k", 3)),
        ("versioned", "k", "v1", stored_object("k", "cd/k", 4)),
        ("versioned", "k", "v2", S3DeleteMarker("k", "v2")),
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(TABLES_OF_RELEASE_0)
        for bucket, key, version, found in rows:
            connection.execute(
                "INSERT INTO objects (bucket, key, version, document) VALUES (?, ?, ?, ?)",
                (bucket, key, version, pickle.dumps(found)),
            )
        connection.execute("INSERT INTO tags VALUES ('t', ?)", (pickle.dumps({"a": "1"}),))
    for _ in range(2):  # what was brought up opens again
        with closing(Metadata(path)) as metadata:
            plain = [(entry.key, entry.size) for entry in metadata.current("plain", "", None)]
            assert plain == [("a", 2), ("b", 1)]
            assert list(metadata.current("versioned", "", None)) == []
            versions = list(metadata.versions("versioned", "", None))
            assert [(one.version, one.size, one.etag) for one in versions] == [
                ("v2", None, None),
                ("v1", 4, "etag-4"),
                ("null", 3, "etag-3"),
            ]
            found = metadata.found("plain", "a", "null")
            assert metadata.loaded(found.document).user_metadata == {"colour": "red"}
            assert metadata.files_below("ab") == {"ab/a", "ab/b", "ab/k"}
            assert metadata.tags("t") == {"a": "1"}


def test_a_file_of_a_later_release_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "metadata.sqlite"
    Metadata(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(DamagedFileError, match=r"expected tables of release 1 .* found 99"):
        Metadata(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)


def test_a_large_file_is_read_whole_after_the_start_and_not_served_if_damaged(
    tmp_path, monkeypatch
):
    path = tmp_path / "metadata.sqlite"
    with closing(Metadata(path)) as metadata:
        for number in range(400):
            metadata.set_object("b", f"k{number}", "null", stored_object("k", "ab/k", 1))
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4096 // 2 * 4096)
        file.write(b"\x5a" * 4096)
    with pytest.raises(DamagedFileError):
        Metadata(path)
    monkeypatch.setattr(tables, "LARGE_BYTES", 1000)
    metadata = Metadata(path)
    with pytest.raises(DamagedFileError, match="The metadata of S3"):
        metadata.check()
    with pytest.raises(DamagedFileError, match="lake reset"):
        metadata.found("b", "k0")
    metadata.close()


def test_data_files_of_earlier_runs_go_unless_an_object_or_a_part_has_them(tmp_path):
    for name in ("ab/object", "ab/part", "ab/orphan", "old-0/orphan"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    store = FileStore(tmp_path)
    with store.open("b", S3Object(key="in the making"), "w") as new:
        assert store.sweep(lambda folder: {f"{folder}/object"}, {"ab/part"}) == 2
        (made,) = tmp_path.glob(f"{files.RUN}-*/*")
        assert (tmp_path / "ab/orphan").exists()  # a reader may be about to open it
        store.remove_older(0)
        kept = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")}
        assert kept == {"ab/object", "ab/part", str(made.relative_to(tmp_path))}
        assert not (tmp_path / "empty").exists()
        assert new.read() == b""
