"""CREATE, DROP and ALTER: changes of the Glue catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.edge.athena.default_database import DEFAULT
from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.run import Rules, Run, done, named
from services.edge.athena.engine.tables import serdes
from services.edge.athena.engine.tables.views import view_text
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.translation import translated
from services.edge.athena.sql.trino.types import hive
from services.edge.delta import log
from services.edge.delta.schemas import Column as DeltaColumn

Document = dict[str, Any]
# As Glue tells of tables that Athena's CREATE EXTERNAL TABLE has made.
MADE_BY_HIVE: Document = {"Owner": "hadoop", "LastAccessTime": 0}


def _create_database(run: Run) -> Document:
    given = run.statement.given
    described = {
        "Name": given["name"],
        "Description": given["comment"],
        "LocationUri": given["location"],
        "Parameters": given["properties"] or None,
    }
    try:
        run.catalog.glue.create_database(
            DatabaseInput={name: value for name, value in described.items() if value is not None}
        )
    except run.catalog.glue.exceptions.AlreadyExistsException as error:
        if not given["if_not_exists"]:
            message = f"FAILED: Database {given['name']} already exists"
            raise QueryError("", message) from error
    return done(run)


def _drop_database(run: Run) -> Document:
    given, glue = run.statement.given, run.catalog.glue
    name = given["name"]
    if not run.catalog.has_database(name):
        if given["if_exists"]:
            return done(run)
        raise QueryError("", f"FAILED: SemanticException Database does not exist: {name}")
    if run.catalog.tables(name) and not given["cascade"]:
        raise QueryError(
            "", f"FAILED: Database {name} is not empty. One or more tables exist. Use CASCADE"
        )
    glue.delete_database(Name=name)
    return done(run)


def _create_table(run: Run) -> Document:
    given = run.statement.given
    database, name = named(run, given["table"])
    is_delta = given["properties"].get("table_type", "").lower() == "delta"
    described = _delta(run, given) if is_delta else _external(given)
    create(run, database, {"Name": name, **described}, given["if_not_exists"])
    return done(run)


def create(run: Run, database: str, described: Document, if_not_exists: bool = False) -> None:
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


def _delta(run: Run, given: Document) -> Document:
    """The columns come from the log; no other property is taken, as on AWS."""
    others = sorted(set(given["properties"]) - {"table_type"})
    if given["columns"] or given["partitions"] or given.get("stored") or given["serde"] or others:
        raise QueryError(
            "",
            "FAILED: a Delta table is made without columns, formats or properties but"
            f" 'table_type'='DELTA'; found {', '.join(others) or 'columns or a format'}",
        )
    location = f"s3://{path_of(given['location'])}/"
    snapshot = log.opened(location, run.storage.files)
    parts = [_column(one) for one in snapshot.partition_keys]
    return {
        **MADE_BY_HIVE,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {
            "EXTERNAL": "TRUE",
            "table_type": "DELTA",
            "spark.sql.sources.provider": "delta",
        },
        "PartitionKeys": parts,
        "StorageDescriptor": {
            **serdes.DELTA,
            "Columns": [_column(one) for one in snapshot.data_columns],
            "Location": location,
            "SerdeInfo": {
                "SerializationLibrary": serdes.LAZY,
                "Parameters": {"serialization.format": "1", "path": location},
            },
        },
    }


def _column(found: DeltaColumn) -> Document:
    return {"Name": found.name.lower(), "Type": found.type}


def _external(given: Document) -> Document:
    if not given["columns"]:
        raise QueryError("", "FAILED: SemanticException at least one column must be specified")
    path_of(given["location"])
    style = given.get("stored", "textfile")
    storage = serdes.storage(given["location"], given["columns"], style, given["serde_properties"])
    if given["serde"]:
        storage["SerdeInfo"]["SerializationLibrary"] = given["serde"]
    if given.get("input"):
        storage["InputFormat"], storage["OutputFormat"] = given["input"], given["output"]
    described = {
        **MADE_BY_HIVE,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **given["properties"]},
        "PartitionKeys": given["partitions"],
        "StorageDescriptor": storage,
    }
    if given.get("comment"):
        described["Parameters"]["comment"] = given["comment"]
    return described


def _drop(is_view: bool) -> Callable[[Run], Document]:
    def drop(run: Run) -> Document:
        database, name = named(run, run.statement.given["table"])
        found = run.catalog.glue_table(database, name)
        what = "View" if is_view else "Table"
        if found is None or (found.get("TableType") == "VIRTUAL_VIEW") != is_view:
            if run.statement.given["if_exists"] and found is None:
                return done(run)
            raise QueryError("TABLE_NOT_FOUND", f"{what} '{database}.{name}' does not exist")
        run.catalog.glue.delete_table(DatabaseName=database, Name=name)
        return done(run)

    return drop


def _create_view(run: Run) -> Document:
    statement, given = run.statement, run.statement.given
    assert statement.node is not None
    database, name = named(run, given["table"])
    found = translated(statement.sql, statement.node, run.relations.find)
    pairs = list(zip(found.names, found.types, strict=True))
    definition = {
        "originalSql": statement.sql.strip().rstrip(";"),
        "catalog": "awsdatacatalog",
        "schema": run.catalog.database,
        "columns": [{"name": column, "type": str(kind)} for column, kind in pairs],
    }
    described = {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": view_text(definition),
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {
            "Columns": [{"Name": column, "Type": hive(kind)} for column, kind in pairs],
            "Location": "",
            "SerdeInfo": {},
        },
    }
    present = run.catalog.glue_table(database, name)
    if present is None or not given["replace"]:
        create(run, database, described)
    elif present.get("TableType") != "VIRTUAL_VIEW":
        raise QueryError("TABLE_ALREADY_EXISTS", f"'{database}.{name}' is a table, not a view")
    else:
        run.catalog.glue.update_table(DatabaseName=database, TableInput=described)
    return done(run)


RULES: Rules = {
    "create_database": _create_database,
    "drop_database": _drop_database,
    "create_table": _create_table,
    "drop_table": _drop(is_view=False),
    "drop_view": _drop(is_view=True),
    "create_view": _create_view,
}
