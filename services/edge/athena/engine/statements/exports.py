"""CTAS and UNLOAD: the rows of a query as files of a table or of a folder."""

from __future__ import annotations

from typing import Any

from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, named
from services.edge.athena.engine.statements import definitions
from services.edge.athena.engine.statements.written_rows import (
    Written,
    add_partitions,
    finished,
    written,
)
from services.edge.athena.engine.tables import serdes
from services.edge.athena.engine.tables.data_files import Style
from services.edge.athena.glue_documents import Column as GlueColumn
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError, not_supported
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.translation import Translation
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

Document = dict[str, Any]
_CTAS = (
    *("format", "external_location", "partitioned_by", "field_delimiter", "write_compression"),
    *("parquet_compression", "bucketed_by", "bucket_count", "table_type", "is_external"),
)
_UNLOAD = ("format", "compression", "partitioned_by", "field_delimiter")


def _create_table_as(run: Run, statement: st.CreateTableAs) -> Result:
    kind = str(statement.properties.get("table_type", "HIVE"))
    if kind.upper() != "HIVE":  # it has properties of its own
        raise not_supported(f"CTAS of a table of the type {kind}, other than HIVE,")
    properties = _checked(statement.properties, _CTAS)
    if properties.get("bucketed_by"):
        raise not_supported("CTAS of a table in buckets")
    database, name = named(run, statement.table)
    if run.catalog.glue_table(database, name) is not None:
        if statement.if_not_exists:
            return finished(run, Written())
        raise QueryError("TABLE_ALREADY_EXISTS", f"Table '{database}.{name}' already exists")
    query = run.planned(statement.query)
    columns = _named_columns(query)
    style = Style.of(properties, ("write_compression", "parquet_compression"))
    location = f"s3://{path_of(properties.get('external_location') or run.request.location)}/"
    _check_empty(run, location, f"table '{database}.{name}'")
    keys = _keys(properties, columns)
    data, parts = columns[: len(columns) - len(keys)], columns[len(columns) - len(keys) :]
    comment = {"comment": statement.comment} if statement.comment else {}
    table: Table = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false", **comment},
        "PartitionKeys": _described(parts),
        "StorageDescriptor": serdes.storage(
            location, _described(data), style.name, style.serde_parameters()
        ),
    }
    rows = Written()
    if statement.with_data:
        rows = written(run, query, columns, len(keys), location, style)
    definitions.create(run, database, table)
    add_partitions(run, {**table, "DatabaseName": database}, rows)
    return finished(run, rows)


def _unload(run: Run, statement: st.Unload) -> Result:
    properties = _checked(statement.properties, _UNLOAD)
    if "format" not in properties:
        raise QueryError("INVALID_TABLE_PROPERTY", "UNLOAD wants a format")
    style = Style.of(properties, ("compression",))
    query = run.planned(statement.query)
    columns = _named_columns(query)
    keys = _keys(properties, columns)
    location = f"s3://{path_of(statement.location)}/"
    _check_empty(run, location, "UNLOAD")
    return finished(run, written(run, query, columns, len(keys), location, style))


def _checked(properties: st.WriteProperties, known: tuple[str, ...]) -> Document:
    if unknown := sorted(set(properties) - set(known)):
        raise QueryError(
            "INVALID_TABLE_PROPERTY",
            f"Table property '{unknown[0]}' is not available here: expected {', '.join(known)}",
        )
    return properties


def _named_columns(query: Translation) -> list[Column]:
    names: set[str] = set()
    for position, (name, kind) in enumerate(zip(query.names, query.types, strict=True), 1):
        if name.startswith("_col"):
            message = f"Column name not specified at position {position}"
            raise QueryError("MISSING_COLUMN_NAME", message)
        if name in names:
            raise QueryError(
                "DUPLICATE_COLUMN_NAME", f"Column name '{name}' specified more than once"
            )
        if kind.name in ("unknown", "json", "time", t.TZ) or kind.name.startswith("interval"):
            raise QueryError("NOT_SUPPORTED", f"Unsupported Hive type: {kind}")
        names.add(name)
    return [Column(n, kind) for n, kind in zip(query.names, query.types, strict=True)]


def _keys(properties: Document, columns: list[Column]) -> list[str]:
    keys = [name.lower() for name in properties.get("partitioned_by") or []]
    if keys and [column.name for column in columns[-len(keys) :]] != keys:
        raise QueryError(
            "INVALID_TABLE_PROPERTY",
            f"Partition keys must be the last columns, in the order of the table: {keys}",
        )
    if len(keys) == len(columns):
        raise QueryError("INVALID_TABLE_PROPERTY", "Table contains only partition columns")
    return keys


def _described(columns: list[Column]) -> list[GlueColumn]:
    return [{"Name": column.name or "", "Type": t.hive(column.type)} for column in columns]


def _check_empty(run: Run, location: str, what: str) -> None:
    if run.storage.data_files(location):
        raise QueryError(
            "HIVE_PATH_ALREADY_EXISTS",
            f"Target directory for {what} already exists: {location}. You may need to manually"
            " clean the data at this location before retrying.",
        )


RULES: Rules = {
    st.CreateTableAs: _create_table_as,
    st.Unload: _unload,
}
