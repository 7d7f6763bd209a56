"""SQLite files of this stack: opened whole, or refused by name with the cause and the cure.

Durable against the death of the process (SQLite's journal), not against a power loss.
The format of the files: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

WAL_HEADER_BYTES = 32
WAL_MAGIC = b"\x37\x7f\x06"
HEADER_BYTES = 100


class DamagedFileError(Exception):
    """A file of LAKE_DIR is not what this stack wrote."""

    def __init__(self, what: str, path: Path, cause: object) -> None:
        super().__init__(
            f"{what} in {path} cannot be read: {cause}. Nothing was changed. Put back a copy of"
            " LAKE_DIR, or start empty with `lake reset`."
        )


class NewerFileError(DamagedFileError):
    """A file was written by a later release, whose tables this one does not know."""

    def __init__(self, what: str, path: Path, expected: int, found: int) -> None:
        Exception.__init__(
            self,
            f"{what} in {path} is of a later release: expected tables of release {expected} or"
            f" earlier, found {found}. Nothing was changed. Start the release that wrote it, or"
            " start empty with `lake reset`.",
        )


def loaded(load: Callable[[Any], T], stored: Any, what: str, path: Path) -> T:
    """What `load` makes of a stored value. Raises DamagedFileError where it cannot be made out."""
    try:
        return load(stored)
    except Exception as error:
        raise DamagedFileError(what, path, repr(error)) from error


class Rows(sqlite3.Cursor):
    """Names the file also where SQLite finds it damaged behind the first row."""

    connection: Connection

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.DatabaseError as error:
            raise self.connection.named(error) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.DatabaseError as error:
            raise self.connection.named(error) from error


class Connection(sqlite3.Connection):
    """Names its file where SQLite finds it damaged only when it is read."""

    what: str
    path: Path

    def cursor(self, *_: Any) -> Rows:  # type: ignore[override]
        return super().cursor(Rows)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*arguments)
        except sqlite3.DatabaseError as error:
            raise self.named(error) from error

    def named(self, error: sqlite3.DatabaseError) -> Exception:
        return _named(error, self.what, self.path)


def opened(path: Path, what: str, schema: str, *, read_whole: bool = True) -> Connection:
    """A connection that commits each statement; may be shared between threads that take turns.

    `what` is what the file holds, as a sentence's subject. Without `read_whole`, pages damaged
    behind its head are told when they are read, or by `check`. Raises DamagedFileError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _refuse_damaged(path, what)
    else:
        _create(path, schema)
    try:
        connection = connected(path, what)
        connection.executescript(schema)
    except sqlite3.DatabaseError as error:
        raise _named(error, what, path) from error
    if read_whole:
        check(connection)
    return connection


def check(connection: Connection) -> None:
    """Read the whole file, about a second for each gigabyte. Raises DamagedFileError."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedFileError(connection.what, connection.path, verdict)


def connected(path: Path, what: str) -> Connection:
    """A connection as `opened` makes it, to a file that is open already."""
    connection = sqlite3.connect(
        path, check_same_thread=False, isolation_level=None, factory=Connection
    )
    connection.what, connection.path = what, path
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _create(path: Path, schema: str) -> None:
    """Whole from the first moment: an empty file is then always one that lost what it held."""
    new = path.with_name(f"{path.name}.new")
    for end in ("", "-wal", "-shm"):  # of a start that was killed
        new.with_name(f"{new.name}{end}").unlink(missing_ok=True)
    connection = connected(new, "A new file")
    connection.executescript(schema)
    connection.close()  # what is in the journal comes into the file
    new.replace(path)


def _refuse_damaged(path: Path, what: str) -> None:
    if not path.is_file():
        raise DamagedFileError(what, path, "expected a file, found a folder")
    if path.stat().st_size == 0:
        raise DamagedFileError(what, path, "the file is empty")
    # SQLite passes over a journal that it cannot read, and over the changes in it.
    journal = path.with_name(f"{path.name}-wal")
    if journal.is_file() and journal.stat().st_size > 0:
        header = _head(journal, WAL_HEADER_BYTES)
        if len(header) < WAL_HEADER_BYTES or not header.startswith(WAL_MAGIC):
            raise DamagedFileError(what, journal, "it is no journal of SQLite")
        return
    # And it takes what is missing of the last page for zeros.
    expected, found = _told_size(_head(path, HEADER_BYTES)), path.stat().st_size
    if found < expected:
        raise DamagedFileError(what, path, f"expected {expected} bytes, found {found}")


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _told_size(header: bytes) -> int:
    """Bytes of the pages that the file's header counts."""
    if not header.startswith(b"SQLite format 3\0") or header[24:28] != header[92:96]:
        return 0
    size = int.from_bytes(header[16:18], "big")
    return (65_536 if size == 1 else size) * int.from_bytes(header[28:32], "big")


def _named(error: sqlite3.DatabaseError, what: str, path: Path) -> Exception:
    """No room, no permission and the like are no damage, and stay what they are."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    is_damage = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return DamagedFileError(what, path, error) if is_damage else error
