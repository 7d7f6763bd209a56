"""Tables and their versions in the store: a row of each, found by database and name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from services.edge.glue import errors
from services.edge.glue.catalog import tables
from services.edge.glue.catalog.store import CatalogStore, dumped, loaded
from services.edge.glue.catalog.tables import Table

VERSIONS_BEFORE = (
    "SELECT version, document FROM versions WHERE table_id=? AND version<?"
    " ORDER BY version DESC LIMIT ?"
)


class StoredTable(NamedTuple):
    id: int
    table: Table


def require_database(store: CatalogStore, database: str) -> str:
    """The name in lower case of a database that is there."""
    name = database.lower()
    if store.row("SELECT 1 FROM databases WHERE name=?", name) is None:
        raise errors.not_found(f"Database {database}")
    return name


def find(store: CatalogStore, database: str, name: str) -> StoredTable:
    row = store.row(
        "SELECT id, document FROM tables WHERE database=? AND name=?",
        *(database.lower(), name.lower()),
    )
    if row is None:
        require_database(store, database)
        raise errors.not_found(f"Table {name}")
    return StoredTable(row[0], loaded(row[1]))


def insert(store: CatalogStore, table: Table) -> None:
    database, name, text = table["DatabaseName"], table["Name"], dumped(table)
    if store.row("SELECT 1 FROM tables WHERE database=? AND name=?", database, name):
        raise errors.already_exists("Table")
    store.write(
        "INSERT INTO tables (database, name, words, document) VALUES (?, ?, ?, ?)",
        *(database, name, tables.words(table), text),
    )
    store.write(
        "INSERT INTO versions SELECT id, 0, document FROM tables WHERE database=? AND name=?",
        *(database, name),
    )


def replace(store: CatalogStore, found: StoredTable, table: Table, archive: bool) -> None:
    """The new version beside the former ones; without `archive` the current one is dropped."""
    former, version = int(found.table["VersionId"]), int(table["VersionId"])
    text = dumped(table)
    store.write(
        "UPDATE tables SET words=?, document=? WHERE id=?",
        *(tables.words(table), text, found.id),
    )
    if not archive:
        store.write("DELETE FROM versions WHERE table_id=? AND version=?", found.id, former)
    store.write("INSERT INTO versions VALUES (?, ?, ?)", found.id, version, text)


def delete(store: CatalogStore, database: str, name: str) -> None:
    found = find(store, database, name)
    store.write("DELETE FROM tables WHERE id=?", found.id)


def after(
    store: CatalogStore, database: str, name: str, matches: Callable[[str], object], size: int
) -> list[Table]:
    """The next tables of a database by name, one more than `size` where there are more."""
    names = store.rows(
        "SELECT name FROM tables WHERE database=? AND name>? ORDER BY name", database, name
    )
    wanted = [found for (found,) in names if matches(found)][: size + 1]
    rows = store.rows(
        "SELECT document FROM tables WHERE database=?"
        f" AND name IN ({', '.join('?' * len(wanted))}) ORDER BY name",
        *(database, *wanted),
    )
    return [loaded(document) for (document,) in rows]


def containing(store: CatalogStore, words: list[str], exact: str | None) -> list[Table]:
    """The tables in whose texts all the words occur, and `exact` as a whole one."""
    sql, values = "SELECT document FROM tables WHERE 1", list(words)
    sql += " AND instr(words, ?)" * len(words)
    if exact is not None:
        sql += " AND instr(char(10) || words || char(10), ?)"
        values.append(f"\n{exact}\n")
    return [loaded(document) for (document,) in store.rows(sql, *values)]


def version(store: CatalogStore, found: StoredTable, version_id: str) -> Table:
    row = store.row(
        "SELECT document FROM versions WHERE table_id=? AND version=?",
        *(found.id, number(version_id)),
    )
    if row is None:
        raise errors.not_found(f"Table version {version_id}")
    return loaded(row[0])


def delete_version(store: CatalogStore, found: StoredTable, version_id: str) -> None:
    version(store, found, version_id)
    if version_id == found.table["VersionId"]:
        raise errors.invalid_input(f"Version {version_id} is the current one of the table.")
    store.write("DELETE FROM versions WHERE table_id=? AND version=?", found.id, number(version_id))


def number(version_id: str) -> int:
    if not (version_id.isascii() and version_id.isdecimal() and len(version_id) < 19):
        raise errors.invalid_input(f"Expected a number as version, found {version_id!r}.")
    return int(version_id)
