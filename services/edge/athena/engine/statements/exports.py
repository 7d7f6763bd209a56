"""CTAS and UNLOAD: the rows of a query as files of a table or of a folder."""

from __future__ import annotations

import secrets
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, named
from services.edge.athena.engine.statements import definitions, partitions
from services.edge.athena.engine.statements.queries import reader
from services.edge.athena.engine.tables import serdes
from services.edge.athena.engine.tables.arrow_types import arrow
from services.edge.athena.engine.tables.data_files import Style, written
from services.edge.athena.engine.tables.partition_values import HIVE_NULL, folder
from services.edge.athena.engine.values import writer
from services.edge.athena.glue_documents import Column as GlueColumn
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError, not_supported
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.translation import Translation
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

Document = dict[str, Any]
Written = tuple[list[str], int, list[list[str]]]
MOST_PARTITIONS = 100
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
            return ended(run, [], 0)
        raise QueryError("TABLE_ALREADY_EXISTS", f"Table '{database}.{name}' already exists")
    query = run.planned(statement.query)
    columns = _named_columns(query)
    style = Style.of(properties, ("write_compression", "parquet_compression"))
    location = f"s3://{path_of(properties.get('external_location') or run.request.location)}/"
    _check_empty(run, location, f"table '{database}.{name}'")
    keys = _keys(properties, columns)
    data, parts = columns[: len(columns) - len(keys)], columns[len(columns) - len(keys) :]
    table: Table = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
        "PartitionKeys": _described(parts),
        "StorageDescriptor": serdes.storage(
            location, _described(data), style.name, style.serde_parameters()
        ),
    }
    written: Written = ([], 0, [])
    if statement.with_data:
        written = stored(run, query, columns, len(keys), location, style)
    files, rows, values = written
    definitions.create(run, database, table)
    add(run, {**table, "DatabaseName": database}, values)
    return ended(run, files, rows)


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
    files, rows, _ = stored(run, query, columns, len(keys), location, style)
    return ended(run, files, rows)


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


def stored(
    run: Run, query: Translation, columns: list[Column], keys: int, location: str, style: Style
) -> Written:
    """Writes the rows; answers the files, how many rows, and the partitions' values."""
    schema = pa.schema([pa.field(column.name or "", arrow(column.type)) for column in columns])
    prefix = f"{run.request.id}-{secrets.token_hex(4)}"
    if not keys:
        batches = (_renamed(batch, schema) for batch in reader(run, query))
        file = f"{location}{prefix}-0{style.suffix}"
        rows = written(run.storage, file, schema, batches, columns, style)
        return [file], rows, []
    whole = pa.Table.from_batches([_renamed(b, schema) for b in reader(run, query)], schema)
    groups = _groups(whole, columns[-keys:])
    if len(groups) > MOST_PARTITIONS:
        raise QueryError(
            "HIVE_TOO_MANY_OPEN_PARTITIONS",
            f"Exceeded limit of {MOST_PARTITIONS} open writers for partitions/buckets.",
        )
    files = []
    data = columns[:-keys]
    for number, (values, rows_of) in enumerate(groups.items()):
        part = whole.take(rows_of).select([column.name for column in data])
        inner = folder((key.name or "" for key in columns[-keys:]), values)
        file = f"{location}{inner}/{prefix}-{number}{style.suffix}"
        written(run.storage, file, part.schema, part.to_batches(), data, style)
        files.append(file)
    return files, whole.num_rows, [list(values) for values in groups]


def _renamed(batch: Any, schema: Any) -> Any:
    return pa.RecordBatch.from_arrays(
        [c.cast(kind) for c, kind in zip(batch.columns, schema.types, strict=True)], schema=schema
    )


def _groups(whole: Any, keys: list[Column]) -> dict[tuple[str, ...], list[int]]:
    texts = []
    for key in keys:
        write = writer(key.type)
        values = whole.column(key.name).to_pylist()
        texts.append([HIVE_NULL if v is None else write(v) or HIVE_NULL for v in values])
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, values in enumerate(zip(*texts, strict=True)):
        groups.setdefault(values, []).append(index)
    return groups


def add(run: Run, table: Table, values: list[list[str]]) -> None:
    inputs = [
        partitions.partition_input(
            table, partition, partitions.partition_location(table, partition)
        )
        for partition in values
    ]
    partitions.add_partitions(run, table, inputs, if_not_exists=True)


def ended(run: Run, files: list[str], rows: int) -> Result:
    """Names the files that were written in the manifest, as clients expect them."""
    manifest = run.request.manifest
    run.storage.write(manifest, "".join(f"{file}\n" for file in files).encode())
    run.statistics["DataManifestLocation"] = manifest
    run.statistics["_rows"] = rows
    return {"written": rows}


RULES: Rules = {
    st.CreateTableAs: _create_table_as,
    st.Unload: _unload,
}
