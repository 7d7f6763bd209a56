"""Snapshots of a lake of small files: one moment of all of them, and restores that are whole."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from lake import snapshot_restore
from lake.errors import StackError
from lake.snapshot_restore import restore, snapshots, take_back
from lake.snapshot_save import PART, save, sweep


def silent(_: str) -> None:
    pass


def database(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER)")
    return connection


def numbers(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM t").fetchone()[0]


@pytest.fixture
def lake(tmp_path) -> Path:
    for name in ("edge.sqlite", "s3/metadata.sqlite", "catalogs/1/us-east-1.sqlite"):
        connection = database(tmp_path / name)
        connection.execute("INSERT INTO t VALUES (1)")
        connection.close()
    for name in (
        "s3/data/a/1",
        "s3/data/a/2",
        "repositories/code.git/HEAD",
        "spark/runs/r/run.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("jars/big.jar", "logs/stack.log", "tmp/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("not of the lake")
    return tmp_path


def contents(lake: Path) -> dict[str, object]:
    """Each file of the lake: the rows of a database, the bytes of others."""
    found: dict[str, object] = {}
    for path in sorted(lake.rglob("*")):
        name = str(path.relative_to(lake))
        if path.is_dir() or name.startswith(("snapshots", "restoring")):
            continue
        if ".sqlite" not in name:
            found[name] = path.read_bytes()
        elif name.endswith(".sqlite"):
            found[name] = numbers(path)
    return found


def change(lake: Path) -> None:
    with sqlite3.connect(lake / "edge.sqlite") as connection:
        connection.execute("INSERT INTO t VALUES (2)")
    connection.close()
    (lake / "s3/data/a/1").unlink()
    (lake / "s3/data/b").mkdir()
    (lake / "s3/data/b/3").write_text("new")
    (lake / "repositories/code.git/HEAD").write_text("moved on")
    (lake / "later.sqlite").write_bytes((lake / "edge.sqlite").read_bytes())


def test_a_restored_lake_is_the_saved_one_and_nothing_more(lake):
    before = contents(lake)
    assert save(lake, "first", silent).objects == 2
    change(lake)
    assert contents(lake) != before
    restore(lake, "first", silent)
    assert contents(lake) == before
    assert [one.name for one in snapshots(lake)] == ["first"]
    # A snapshot can be restored again, whatever has become of the lake that was made of it.
    change(lake)
    restore(lake, "first", silent)
    assert contents(lake) == before


def test_all_databases_are_of_one_moment_though_writers_go_on(lake):
    """Each round writes a data file, then its row in one database, then the count in another."""
    first, second = database(lake / "s3/metadata.sqlite"), database(lake / "edge.sqlite")
    go_on = threading.Event()
    go_on.set()

    def write() -> None:
        number = 10
        while go_on.is_set():
            (lake / f"s3/data/a/{number}").write_text("x")
            first.execute("INSERT INTO t VALUES (?)", (number,))
            second.execute("INSERT INTO t VALUES (?)", (number,))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        saved = [save(lake, f"s{n}", silent) for n in range(3)]
    finally:
        go_on.clear()
        writer.join()
        first.close()
        second.close()
    assert max(one.pause_seconds for one in saved) < 5
    for one in saved:
        place = lake / "snapshots" / one.name
        ahead, behind = numbers(place / "s3/metadata.sqlite"), numbers(place / "edge.sqlite")
        assert ahead - behind in (0, 1)
        with sqlite3.connect(place / "s3/metadata.sqlite") as connection:
            rows = connection.execute("SELECT n FROM t WHERE n >= 10").fetchall()
        connection.close()
        assert all((place / f"s3/data/a/{n}").exists() for (n,) in rows)


@pytest.mark.parametrize("renames", range(9))
def test_a_restore_that_is_killed_anywhere_leaves_the_lake_as_it_was(lake, monkeypatch, renames):
    save(lake, "first", silent)
    change(lake)
    before = contents(lake)
    left = iter(range(renames))
    rename = Path.rename

    def dies(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", dies)
    monkeypatch.setattr(snapshot_restore, "take_back", lambda _: False)  # as SIGKILL leaves it
    with pytest.raises(KeyboardInterrupt):
        restore(lake, "first", silent)
    monkeypatch.undo()
    assert take_back(lake)
    assert contents(lake) == before
    assert not (lake / "restoring").exists()


def test_a_save_that_is_interrupted_leaves_nothing(lake, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lake.snapshot_save._back_up", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(lake, "first", silent)
    assert (snapshots(lake), list((lake / "snapshots").iterdir())) == ([], [])


def test_what_a_killed_save_left_is_removed_and_one_at_work_is_left_alone(lake):
    dead, alive = (lake / "snapshots" / f"{PART}{pid}-x" for pid in (2**22 + 1, os.getpid()))
    dead.mkdir(parents=True)
    alive.mkdir()
    sweep(lake)
    assert (dead.exists(), alive.exists()) == (False, True)


def test_names_that_are_taken_or_unknown_are_refused(lake, tmp_path_factory):
    save(lake, "first", silent)
    with pytest.raises(StackError, match="There is a snapshot first already"):
        save(lake, "first", silent)
    with pytest.raises(StackError, match="none called other: there are first"):
        restore(lake, "other", silent)
    with pytest.raises(StackError, match="Nothing is stored"):
        save(tmp_path_factory.mktemp("empty"), "first", silent)
