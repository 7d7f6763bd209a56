"""CREATE, DROP and ALTER: changes of the Glue catalog."""

from __future__ import annotations

from services.edge.athena.default_database import DEFAULT
from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, done, named
from services.edge.athena.engine.tables import serdes
from services.edge.athena.engine.tables.views import VIRTUAL_VIEW, is_view, view_text
from services.edge.athena.glue_documents import Column, Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.trino.types import hive
from services.edge.delta import log
from services.edge.delta.schemas import Column as DeltaColumn

# As Glue tells of tables that Athena's CREATE EXTERNAL TABLE has made.
MADE_BY_HIVE: Table = {"Owner": "hadoop", "LastAccessTime": 0}


def _create_database(run: Run, statement: st.CreateDatabase) -> Result:
    described = {
        "Name": statement.name,
        "Description": statement.comment,
        "LocationUri": statement.location,
        "Parameters": statement.properties or None,
    }
    try:
        run.catalog.glue.create_database(
            DatabaseInput={name: value for name, value in described.items() if value is not None}
        )
    except run.catalog.glue.exceptions.AlreadyExistsException as error:
        if not statement.if_not_exists:
            message = f"FAILED: Database {statement.name} already exists"
            raise QueryError("", message) from error
    return done(run)


def _drop_database(run: Run, statement: st.DropDatabase) -> Result:
    name = statement.name
    if not run.catalog.has_database(name):
        if statement.if_exists:
            return done(run)
        raise QueryError("", f"FAILED: SemanticException Database does not exist: {name}")
    if run.catalog.tables(name) and not statement.cascade:
        raise QueryError(
            "", f"FAILED: Database {name} is not empty. One or more tables exist. Use CASCADE"
        )
    run.catalog.glue.delete_database(Name=name)
    return done(run)


def _create_table(run: Run, statement: st.CreateTable) -> Result:
    database, name = named(run, statement.table)
    is_delta = statement.properties.get("table_type", "").lower() == "delta"
    described = _delta(run, statement) if is_delta else _external(statement)
    create(run, database, {"Name": name, **described}, statement.if_not_exists)
    return done(run)


def create(run: Run, database: str, described: Table, if_not_exists: bool = False) -> None:
    glue = run.catalog.glue
    try:
        glue.create_table(DatabaseName=database, TableInput=described)
    except glue.exceptions.AlreadyExistsException as error:
        if not if_not_exists:
            message = f"Table '{database}.{described['Name']}' already exists"
            raise QueryError("TABLE_ALREADY_EXISTS", message) from error
    except glue.exceptions.EntityNotFoundException as error:
        if database == DEFAULT:
            glue.create_database(DatabaseInput={"Name": DEFAULT})
            return create(run, database, described, if_not_exists)
        raise QueryError("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist") from error


def _delta(run: Run, table: st.CreateTable) -> Table:
    """The columns come from the log; no other property is taken, as on AWS."""
    others = sorted(set(table.properties) - {"table_type"})
    if table.columns or table.partition_keys or table.stored_as or table.serde or others:
        raise QueryError(
            "",
            "FAILED: a Delta table is made without columns, formats or properties but"
            f" 'table_type'='DELTA'; found {', '.join(others) or 'columns or a format'}",
        )
    location = f"s3://{path_of(table.location)}/"
    snapshot = log.opened(location, run.storage.files)
    return {
        **MADE_BY_HIVE,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {
            "EXTERNAL": "TRUE",
            "table_type": "DELTA",
            "spark.sql.sources.provider": "delta",
        },
        "PartitionKeys": [_column(key) for key in snapshot.partition_keys],
        "StorageDescriptor": {
            **serdes.DELTA,
            "Columns": [_column(column) for column in snapshot.data_columns],
            "Location": location,
            "SerdeInfo": {
                "SerializationLibrary": serdes.LAZY,
                "Parameters": {"serialization.format": "1", "path": location},
            },
        },
    }


def _column(column: DeltaColumn) -> Column:
    return {"Name": column.name.lower(), "Type": column.type}


def _external(table: st.CreateTable) -> Table:
    if not table.columns:
        raise QueryError("", "FAILED: SemanticException at least one column must be specified")
    path_of(table.location)
    storage = serdes.storage(
        table.location, table.columns, table.stored_as or "textfile", table.serde_properties
    )
    if table.serde:
        storage["SerdeInfo"]["SerializationLibrary"] = table.serde
    if table.formats:
        storage["InputFormat"], storage["OutputFormat"] = table.formats
    comment = {"comment": table.comment} if table.comment else {}
    return {
        **MADE_BY_HIVE,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **table.properties, **comment},
        "PartitionKeys": table.partition_keys,
        "StorageDescriptor": storage,
    }


def _drop_table(run: Run, statement: st.DropTable) -> Result:
    """A table or a view, and not the one where the other is meant."""
    database, name = named(run, statement.table)
    table = run.catalog.glue_table(database, name)
    wants_view = isinstance(statement, st.DropView)
    if table is None and statement.if_exists:
        return done(run)
    if table is None or is_view(table) != wants_view:
        what = "View" if wants_view else "Table"
        raise QueryError("TABLE_NOT_FOUND", f"{what} '{database}.{name}' does not exist")
    run.catalog.glue.delete_table(DatabaseName=database, Name=name)
    return done(run)


def _create_view(run: Run, statement: st.CreateView) -> Result:
    database, name = named(run, statement.view)
    query = run.planned(statement.query)
    columns = list(zip(query.names, query.types, strict=True))
    definition = {
        "originalSql": statement.query.sql.strip().rstrip(";"),
        "catalog": "awsdatacatalog",
        "schema": run.catalog.database,
        "columns": [{"name": column, "type": str(kind)} for column, kind in columns],
    }
    view: Table = {
        "Name": name,
        "TableType": VIRTUAL_VIEW,
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": view_text(definition),
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {
            "Columns": [{"Name": column, "Type": hive(kind)} for column, kind in columns],
            "Location": "",
            "SerdeInfo": {},
        },
    }
    present = run.catalog.glue_table(database, name)
    if present is None or not statement.replace:
        create(run, database, view)
    elif not is_view(present):
        raise QueryError("TABLE_ALREADY_EXISTS", f"'{database}.{name}' is a table, not a view")
    else:
        run.catalog.glue.update_table(DatabaseName=database, TableInput=view)
    return done(run)


RULES: Rules = {
    st.CreateDatabase: _create_database,
    st.DropDatabase: _drop_database,
    st.CreateTable: _create_table,
    st.DropTable: _drop_table,
    st.DropView: _drop_table,
    st.CreateView: _create_view,
}
