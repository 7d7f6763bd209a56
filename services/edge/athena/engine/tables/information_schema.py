"""information_schema of the Glue catalog: schemata, tables, views and columns, in lower case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.glue_catalog import GlueCatalog
from services.edge.athena.engine.tables.catalog_tables import Opened
from services.edge.athena.engine.tables.views import is_view, view_definition
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.trino import types as t
from services.edge.athena.sql.trino.scope import Column

CATALOG = "awsdatacatalog"
NAMES = {
    "schemata": ("catalog_name", "schema_name"),
    "tables": ("table_catalog", "table_schema", "table_name", "table_type"),
    "views": ("table_catalog", "table_schema", "table_name", "view_definition"),
    "columns": (
        *("table_catalog", "table_schema", "table_name", "column_name", "ordinal_position"),
        *("column_default", "is_nullable", "data_type"),
    ),
}


def opened(name: str, catalog: GlueCatalog) -> Opened | None:
    if name not in NAMES:
        return None
    names = NAMES[name]
    rows = list(_ROWS[name](catalog))
    kinds = [t.BIGINT if name == "ordinal_position" else t.VARCHAR for name in names]
    schema = pa.schema(
        [
            pa.field(name, pa.int64() if kind == t.BIGINT else pa.string())
            for name, kind in zip(names, kinds, strict=True)
        ]
    )
    data = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema)
    return Opened(data, [Column(name, kind) for name, kind in zip(names, kinds, strict=True)])


def _schemata(catalog: GlueCatalog) -> Iterator[tuple[Any, ...]]:
    for database in catalog.databases():
        yield CATALOG, database["Name"].lower()
    yield CATALOG, "information_schema"


def _tables(catalog: GlueCatalog) -> Iterator[tuple[Any, ...]]:
    for table in _all(catalog):
        yield CATALOG, *_name(table), "VIEW" if is_view(table) else "BASE TABLE"


def _views(catalog: GlueCatalog) -> Iterator[tuple[Any, ...]]:
    for table in _all(catalog):
        if is_view(table):
            yield CATALOG, *_name(table), view_definition(table)["originalSql"]


def _columns(catalog: GlueCatalog) -> Iterator[tuple[Any, ...]]:
    """By the catalog's own columns, without opening a table; a type unknown to Athena is left."""
    for table in _all(catalog):
        described = table.get("StorageDescriptor", {}).get("Columns", [])
        for position, column in enumerate([*described, *table.get("PartitionKeys", [])], 1):
            try:
                kind = str(t.from_hive(column.get("Type") or "string"))
            except ValueError as error:
                raise QueryError(
                    "HIVE_INVALID_METADATA", f"Column {column['Name']} of {_name(table)}: {error}"
                ) from error
            yield CATALOG, *_name(table), column["Name"].lower(), position, None, "YES", kind


def _all(catalog: GlueCatalog) -> Iterator[Table]:
    for database in catalog.databases():
        yield from catalog.tables(database["Name"])


def _name(table: Table) -> tuple[str, str]:
    return table["DatabaseName"].lower(), table["Name"].lower()


_ROWS = {"schemata": _schemata, "tables": _tables, "views": _views, "columns": _columns}
