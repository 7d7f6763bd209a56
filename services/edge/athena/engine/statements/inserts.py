"""INSERT INTO: the rows of a query as further files of a table, in the table's own types."""

from __future__ import annotations

from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, named
from services.edge.athena.engine.statements.written_rows import add_partitions, finished, written
from services.edge.athena.engine.tables import catalog_tables as tables
from services.edge.athena.engine.tables import serde_properties
from services.edge.athena.engine.tables.data_files import Style
from services.edge.athena.engine.tables.delimited_text import Layout
from services.edge.athena.engine.tables.text_lines import Trim
from services.edge.athena.engine.tables.views import is_view
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.statements.statement import Insert
from services.edge.athena.sql.translation import Translation
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.casts import coerced, coercible
from services.edge.athena.sql.trino.scope import Column
from services.edge.athena.sql.trino.typed_sql import Typed

_INSERTED = {"parquet": "parquet", "openx": "json", "json": "json", "text": "textfile"}


def _insert(run: Run, statement: Insert) -> Result:
    table = run.catalog.table(*named(run, statement.table))
    if is_view(table):
        raise QueryError("NOT_SUPPORTED", "Inserting into views is not supported")
    kind = tables.kind_of(table)
    if kind == "delta":
        raise QueryError(
            "NOT_SUPPORTED", "Delta Lake tables are read-only in Athena: INSERT is not supported"
        )
    if kind not in _INSERTED:
        raise QueryError("NOT_SUPPORTED", f"INSERT INTO a table of format {kind}")
    data = tables.columns(table["StorageDescriptor"]["Columns"])
    keys = tables.columns(table.get("PartitionKeys") or [])
    columns = [*data, *keys]
    query = _inserted(run.planned(statement.query), columns, statement.columns)
    style = _style_of(table, kind)
    location = f"s3://{path_of(table['StorageDescriptor']['Location'])}/"
    rows = written(run, query, columns, len(keys), location, style)
    add_partitions(run, table, rows)
    return finished(run, rows)


def _style_of(table: Table, kind: str) -> Style:
    """How a table's own files are written: with the header that its readers skip."""
    properties = serde_properties.of(table, kind)
    if kind == "parquet":
        return Style("parquet", "gzip")
    trim = Trim.of(properties)
    if trim.header > 1 or trim.footer or trim.encoding.upper() not in ("UTF-8", "UTF8"):
        raise QueryError(
            "NOT_SUPPORTED",
            "INSERT INTO a table with a footer, with more than one line of header, or not in UTF-8",
        )
    layout = Layout.of(properties) if kind == "text" else Layout.of({})
    if trim.header and kind != "text":
        raise QueryError("NOT_SUPPORTED", "INSERT INTO a table of JSON with a header")
    if kind != "text" and any(name.startswith("mapping.") for name in properties):
        raise QueryError("NOT_SUPPORTED", "INSERT INTO a table of JSON with mapped keys")
    return Style(_INSERTED[kind], "gzip", layout, bool(trim.header))


def _inserted(query: Translation, columns: list[Column], names: list[str]) -> Translation:
    """The query's columns as the table's, NULL for those that the list leaves out."""
    targets = names or [column.name or "" for column in columns]
    by_name = {column.name: column.type for column in columns}
    if unknown := [name for name in targets if name not in by_name]:
        raise QueryError("COLUMN_NOT_FOUND", f"Insert column name does not exist: {unknown[0]}")
    kinds = [by_name[name] for name in targets]
    fits = len(kinds) == len(query.types) and all(
        coercible(own, kind) or (t.is_text(own) and t.is_text(kind))
        for own, kind in zip(query.types, kinds, strict=True)
    )
    if not fits:
        raise QueryError(
            "TYPE_MISMATCH",
            "Insert query has mismatched column types: Table:"
            f" [{', '.join(map(str, kinds))}], Query: [{', '.join(map(str, query.types))}]",
        )
    values = {
        name: _assigned(Typed(f"c{index}", query.types[index]), kind)
        for index, (name, kind) in enumerate(zip(targets, kinds, strict=True))
    }
    items = [
        f"{values.get(column.name or '') or 'NULL'} AS c{index}"
        for index, column in enumerate(columns)
    ]
    sql = f"SELECT {', '.join(items)} FROM ({query.sql}) AS inserted"
    return Translation(
        sql, [column.name or "" for column in columns], [column.type for column in columns]
    )


def _assigned(value: Typed, kind: t.Type) -> str:
    """A text may lose blanks where its column is shorter, and nothing else, as in Trino.

    https://github.com/trinodb/trino/blob/master/core/trino-main/src/main/java/io/trino/sql/planner/LogicalPlanner.java
    """
    longest = value.type.args[0] if value.type.args else None
    if not (t.is_text(value.type) and t.is_text(kind) and kind.args):
        return coerced(value, kind).sql
    if longest is not None and longest <= kind.args[0]:
        return coerced(value, kind).sql
    message = (
        "INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from"
        f" {value.type} to {kind} on INSERT"
    )
    return (
        f"CASE WHEN length(rtrim({value.sql}, ' ')) > {kind.args[0]} THEN error('{message}')"
        f" ELSE left({value.sql}, {kind.args[0]}) END"
    )


RULES: Rules = {Insert: _insert}
