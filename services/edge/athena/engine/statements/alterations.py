"""ALTER TABLE: columns, place and properties of tables that are in the Glue catalog."""

from __future__ import annotations

from typing import Any

from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.run import Rules, Run, done, named
from services.edge.athena.engine.statements.partitions import changed_partition
from services.edge.athena.engine.tables import catalog_tables as tables
from services.edge.athena.sql.errors import QueryError

Document = dict[str, Any]
_KEPT = (
    *("Name", "Description", "Owner", "LastAccessTime", "Retention"),
    *("StorageDescriptor", "PartitionKeys"),
    *("ViewOriginalText", "ViewExpandedText", "TableType", "Parameters"),
)


def _altered(run: Run) -> Document:
    """The table, of which a query's own changes are wanted: no view, and no Delta table."""
    table = run.catalog.table(*named(run, run.statement.given["table"]))
    if table.get("TableType") == "VIRTUAL_VIEW":
        raise QueryError("NOT_SUPPORTED", f"{table['Name']} is a view: ALTER TABLE")
    if tables.is_delta(table):
        raise QueryError("NOT_SUPPORTED", "A Delta table's columns and place are in its log")
    return table


def _update(run: Run, table: Document, **changes: Any) -> Document:
    described = {name: table[name] for name in _KEPT if table.get(name) is not None}
    run.catalog.glue.update_table(
        DatabaseName=table["DatabaseName"], TableInput={**described, **changes}
    )
    return done(run)


def _with_storage(run: Run, table: Document, **changes: Any) -> Document:
    return _update(run, table, StorageDescriptor={**table["StorageDescriptor"], **changes})


def _add_columns(run: Run) -> Document:
    """At the end, before the partition keys."""
    table = _altered(run)
    columns = [*table["StorageDescriptor"].get("Columns", []), *run.statement.given["columns"]]
    return _with_columns(run, table, columns)


def _replace_columns(run: Run) -> Document:
    return _with_columns(run, _altered(run), run.statement.given["columns"])


def _with_columns(run: Run, table: Document, columns: list[Document]) -> Document:
    names = [one["Name"].lower() for one in (*columns, *(table.get("PartitionKeys") or []))]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise QueryError("", f"FAILED: SemanticException Duplicate column name: {twice[0]}")
    return _with_storage(run, table, Columns=columns)


def _set_location(run: Run) -> Document:
    given, table = run.statement.given, _altered(run)
    path_of(given["location"])
    if "partition" not in given:
        return _with_storage(run, table, Location=given["location"])
    changed_partition(run, table, given["partition"], location=given["location"])
    return done(run)


def _set_properties(run: Run) -> Document:
    table = run.catalog.table(*named(run, run.statement.given["table"]))
    properties = run.statement.given["properties"]
    return _update(run, table, Parameters={**(table.get("Parameters") or {}), **properties})


RULES: Rules = {
    "add_columns": _add_columns,
    "replace_columns": _replace_columns,
    "set_location": _set_location,
    "set_properties": _set_properties,
}
