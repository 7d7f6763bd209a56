"""ALTER TABLE: columns, place and properties of tables that are in the Glue catalog."""

from __future__ import annotations

from typing import Any

from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, done, named
from services.edge.athena.engine.statements.partitions import changed_partition
from services.edge.athena.engine.tables import catalog_tables as tables
from services.edge.athena.engine.tables.views import is_view
from services.edge.athena.glue_documents import Column, Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.statements import statement as st

_KEPT = (
    *("Name", "Description", "Owner", "LastAccessTime", "Retention"),
    *("StorageDescriptor", "PartitionKeys"),
    *("ViewOriginalText", "ViewExpandedText", "TableType", "Parameters"),
)


def _alterable(run: Run, statement: st.TableStatement) -> Table:
    """The table; views and Delta tables are refused."""
    table = run.catalog.table(*named(run, statement.table))
    if is_view(table):
        raise QueryError("NOT_SUPPORTED", f"{table['Name']} is a view: ALTER TABLE")
    if tables.is_delta(table):
        raise QueryError("NOT_SUPPORTED", "A Delta table's columns and place are in its log")
    return table


def _update(run: Run, table: Table, **changes: Any) -> Result:
    described = {
        name: value for name, value in table.items() if name in _KEPT and value is not None
    }
    run.catalog.glue.update_table(
        DatabaseName=table["DatabaseName"], TableInput={**described, **changes}
    )
    return done(run)


def _with_storage(run: Run, table: Table, **changes: Any) -> Result:
    return _update(run, table, StorageDescriptor={**table["StorageDescriptor"], **changes})


def _add_columns(run: Run, statement: st.AddColumns) -> Result:
    """At the end, before the partition keys."""
    table = _alterable(run, statement)
    columns = [*table["StorageDescriptor"].get("Columns", []), *statement.columns]
    return _with_columns(run, table, columns)


def _replace_columns(run: Run, statement: st.ReplaceColumns) -> Result:
    return _with_columns(run, _alterable(run, statement), statement.columns)


def _with_columns(run: Run, table: Table, columns: list[Column]) -> Result:
    names = [column["Name"].lower() for column in (*columns, *(table.get("PartitionKeys") or []))]
    if duplicates := sorted({name for name in names if names.count(name) > 1}):
        raise QueryError("", f"FAILED: SemanticException Duplicate column name: {duplicates[0]}")
    return _with_storage(run, table, Columns=columns)


def _set_location(run: Run, statement: st.SetLocation) -> Result:
    table, location = _alterable(run, statement), statement.location
    path_of(location)
    if statement.partition is None:
        return _with_storage(run, table, Location=location)
    changed_partition(run, table, statement.partition, location=location)
    return done(run)


def _set_properties(run: Run, statement: st.SetProperties) -> Result:
    table = run.catalog.table(*named(run, statement.table))
    parameters = {**(table.get("Parameters") or {}), **statement.properties}
    return _update(run, table, Parameters=parameters)


RULES: Rules = {
    st.AddColumns: _add_columns,
    st.ReplaceColumns: _replace_columns,
    st.SetLocation: _set_location,
    st.SetProperties: _set_properties,
}
