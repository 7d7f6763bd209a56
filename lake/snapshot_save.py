"""A lake in, a copy of it as it was at one moment out, while the stack goes on.

The cut is made under the write locks of all databases at once: nothing is answered by the stack
before it is in one of them. S3's data files are written once and never changed, so that a hard link
is a copy; most are linked before the pause, and within it only those of folders that have changed
since. The databases are then read as they were at the cut, which SQLite's journal allows.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from lake.errors import StackError
from lake.lake_stores import S3_DATA, SNAPSHOTS, databases, other_files
from services.private_files import keep_private

MANIFEST = "snapshot.json"
# Runs of jobs may be copied after the pause: they are then further on than who follows them.
SPARK = "spark"
PART = ".part"
LOCK_SECONDS = 0.2  # the stack's own writers wait for 5 s
PATIENCE_SECONDS = 60.0
# A folder's time has the granularity of the kernel's clock.
UNSURE_NS = 2_000_000_000

Told = Callable[[str], None]


@dataclass(frozen=True)
class Snapshot:
    """`pause_seconds` is how long writes of the stack had to wait."""

    name: str
    saved_at: str
    objects: int
    bytes: int
    pause_seconds: float


def save(lake_dir: Path, name: str, told: Told) -> Snapshot:
    """Raises StackError where there is nothing to save, or a snapshot of the name."""
    target = lake_dir / SNAPSHOTS / name
    if target.exists():
        raise StackError(f"There is a snapshot {name} already: choose another name, or remove it")
    if not databases(lake_dir):
        raise StackError(f"Nothing is stored in {lake_dir} yet: `lake up` starts a stack")
    sweep(lake_dir)
    part = target.with_name(f"{PART}{os.getpid()}-{name}")
    keep_private(part)
    try:
        made = _saved(lake_dir, part, name, told)
        (part / MANIFEST).write_text(json.dumps(asdict(made)))
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return made


def sweep(lake_dir: Path) -> None:
    """Remove what a save left that was killed."""
    for part in (lake_dir / SNAPSHOTS).glob(f"{PART}*"):
        process = part.name.removeprefix(PART).partition("-")[0]
        if not Path(f"/proc/{process}").exists():
            shutil.rmtree(part, ignore_errors=True)


def _saved(lake_dir: Path, part: Path, name: str, told: Told) -> Snapshot:
    data = lake_dir / S3_DATA
    told("Linking the data of S3 ...")
    linked = Links(data, part / S3_DATA)
    linked.bring_up_to_date()
    with ExitStack() as readers:
        with writes_paused(databases(lake_dir)):
            began = time.monotonic()
            at = datetime.now(UTC)
            opened = [(path, readers.enter_context(_reader(path))) for path in databases(lake_dir)]
            linked.bring_up_to_date()
            files = other_files(lake_dir)
            _copy_all([f for f in files if not f.is_relative_to(lake_dir / SPARK)], lake_dir, part)
            pause = time.monotonic() - began
        _copy_all([f for f in files if f.is_relative_to(lake_dir / SPARK)], lake_dir, part)
        for path, reader in opened:
            told(f"Copying {path.relative_to(lake_dir)} ...")
            _back_up(reader, part / path.relative_to(lake_dir))
    size = sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
    return Snapshot(name, at.isoformat(timespec="seconds"), linked.count, size, round(pause, 3))


class Links:
    """A folder of folders of files that never change, linked into another place."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source, self._target = source, target
        self._known: dict[str, int] = {}
        self.count = 0

    def bring_up_to_date(self) -> None:
        """Link what is new in the folders that have changed since the last time."""
        if not self._source.is_dir():
            return
        for folder in os.scandir(self._source):
            changed, looked = folder.stat().st_mtime_ns, time.time_ns()
            if self._known.get(folder.name) == changed:
                continue
            self._link(Path(folder.path), self._target / folder.name)
            if looked - changed > UNSURE_NS:
                self._known[folder.name] = changed

    def _link(self, source: Path, target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        there = {entry.name for entry in os.scandir(target)}
        for entry in os.scandir(source):
            if entry.name not in there and link_or_copy(Path(entry.path), target / entry.name):
                self.count += 1


def link_or_copy(source: Path, target: Path) -> bool:
    """Whether the file was there; it may have been deleted a moment ago."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
    return True


@contextmanager
def writes_paused(paths: list[Path]) -> Iterator[None]:
    """Hold the write locks of all databases at once; a writer within two of them goes first."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with ExitStack() as locks:
            try:
                for path in paths:
                    locks.enter_context(_write_lock(path))
            except sqlite3.OperationalError as error:
                if time.monotonic() > deadline:
                    raise StackError(
                        f"The stack writes without a pause ({error}): try again when it has less"
                        " to do, or after `lake down`"
                    ) from error
            else:
                yield
                return
        time.sleep(0.05)


@contextmanager
def _write_lock(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def _reader(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees the database as it is now, whatever is written later."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield connection
    finally:
        connection.close()


def _back_up(reader: sqlite3.Connection, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    copy = sqlite3.connect(target)
    try:
        reader.backup(copy)
    finally:
        copy.close()


def _copy_all(files: list[Path], lake_dir: Path, part: Path) -> None:
    for source in files:
        target = part / source.relative_to(lake_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # of a run that was cleaned up meanwhile
            shutil.copy2(source, target)
