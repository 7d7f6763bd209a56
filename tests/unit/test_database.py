"""A damaged SQLite file is told by name, with cause and cure, before anything is changed in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from services.edge.glue.catalog.store import CatalogStore
from services.edge.s3.storage.metadata import Metadata
from services.edge.store.database import DamagedFileError, opened
from services.edge.store.records import Records

SCHEMA = "CREATE TABLE IF NOT EXISTS t (n INTEGER, text TEXT);"


@pytest.fixture
def file(tmp_path):
    """A database of about 400 pages."""
    path = tmp_path / "some.sqlite"
    with closing(opened(path, "The test", SCHEMA)) as connection:
        for number in range(400):
            connection.execute("INSERT INTO t VALUES (?, ?)", (number, "x" * 4000))
    return path


def empty(path):
    path.write_bytes(b"")


def cut(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def cut_within_a_page(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1000)


def random_bytes(path):
    path.write_bytes(bytes((n * 7919 + n // 251) % 256 for n in range(100_000)))


def random_header(path):
    with path.open("r+b") as file:
        file.write(b"\x5a" * 100)


def random_page(path):
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\x5a" * 4096)


def text(path):
    path.write_text("no database")


def folder(path):
    path.unlink()
    path.mkdir()


def random_journal(path):
    path.with_name("some.sqlite-wal").write_bytes(b"\x5a" * 5000)


@pytest.mark.parametrize(
    "damage",
    [empty, cut, cut_within_a_page, random_bytes, random_header, random_page, text, folder,
     random_journal],
)  # fmt: skip
def test_a_damaged_file_is_named_with_its_cure(file, damage):
    damage(file)
    with pytest.raises(DamagedFileError) as told:
        opened(file, "The test", SCHEMA)
    assert str(told.value).startswith(f"The test in {file}")
    assert "lake reset" in str(told.value)


def test_a_whole_file_is_opened_with_what_it_holds_and_so_is_a_new_one(file, tmp_path):
    with closing(opened(file, "The test", SCHEMA)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (400,)
    with closing(opened(tmp_path / "new" / "other.sqlite", "The test", SCHEMA)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_what_a_killed_start_left_of_a_new_file_is_no_damage(tmp_path):
    path = tmp_path / "some.sqlite"
    path.with_name("some.sqlite.new").write_bytes(b"half")
    path.with_name("some.sqlite.new-wal").write_bytes(b"half")
    opened(path, "The test", SCHEMA).close()
    assert [one.name for one in tmp_path.iterdir()] == ["some.sqlite"]


def test_a_value_that_cannot_be_read_names_its_file(tmp_path):
    for store, name, value in (
        (lambda path: Records(path).get("run", "1"), "edge.sqlite", "not JSON"),
        (lambda path: Metadata(path).tags("b"), "metadata.sqlite", b"not pickled"),
    ):
        path = tmp_path / name
        (Records if name == "edge.sqlite" else Metadata)(path).close()
        with closing(sqlite3.connect(path)) as connection, connection:
            if name == "edge.sqlite":
                connection.execute("INSERT INTO records VALUES ('run', '1', ?, 1)", (value,))
            else:
                connection.execute("INSERT INTO tags VALUES ('b', ?)", (value,))
        with pytest.raises(DamagedFileError, match=name):
            store(path)


def test_a_file_damaged_while_it_is_open_is_named_too(file):
    connection = opened(file, "The test", SCHEMA)
    random_page(file)
    connection.execute("PRAGMA cache_size=0")
    with pytest.raises(DamagedFileError, match="The test in"):
        connection.execute("SELECT sum(length(text)) FROM t")
    connection.close()


@pytest.mark.parametrize("store", [Records, CatalogStore, Metadata])
def test_each_store_names_its_file(tmp_path, store):
    path = tmp_path / "its.sqlite"
    path.write_text(json.dumps({"no": "database"}))
    with pytest.raises(DamagedFileError, match=r"its\.sqlite"):
        store(path)
