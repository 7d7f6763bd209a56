"""The relations of a query: each table that it names is opened and registered in DuckDB."""

from __future__ import annotations

from itertools import count
from typing import Any

from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.glue_catalog import GlueCatalog
from services.edge.athena.engine.tables import catalog_tables as formats
from services.edge.athena.engine.tables import delta_tables, information_schema
from services.edge.athena.engine.tables.partition_values import HIVE_NULL
from services.edge.athena.engine.tables.views import is_view, view_definition
from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import Position, QueryError
from services.edge.athena.sql.translation import inner_query
from services.edge.athena.sql.trino.scope import Column, Query, Source
from services.edge.athena.sql.trino.syntax import parsed
from services.edge.athena.sql.trino.types import quoted

DEEPEST_VIEW = 16
PARTITIONS = "$partitions"


class Relations:
    """Of one query; `connection` is the DuckDB connection that the tables go to."""

    def __init__(self, catalog: GlueCatalog, storage: Storage, connection: Any) -> None:
        self._catalog, self._storage, self._connection = catalog, storage, connection
        self._database = catalog.database  # within a view it is the view's own
        self._numbers = count()
        self._sources: dict[tuple[str, str], Source | Query] = {}
        self._views: list[tuple[str, str]] = []

    def find(self, schema: str | None, name: str, place: Position | None) -> Source | Query:
        database = schema or self._database
        if database == "information_schema":
            return self._information(name, place)
        key = (database, name)
        if key not in self._sources:
            self._sources[key] = self._opened(database, name, place)
        return self._sources[key]

    def columns(self, table: Table) -> list[Column]:
        """A table's columns as a query sees them: of Delta its log, of a view its description."""
        if not is_view(table) and formats.is_delta(table):
            return delta_tables.columns_of(delta_tables.snapshot_of(table, self._storage))
        described = [
            *table["StorageDescriptor"].get("Columns", []),
            *table.get("PartitionKeys", []),
        ]
        return formats.columns(described)

    def _opened(self, database: str, name: str, place: Position | None) -> Source | Query:
        if name.endswith(PARTITIONS):
            return self._partition_table(database, name.removesuffix(PARTITIONS), place)
        table = self._catalog.table(database, name, place)
        if is_view(table):
            return self._view(table)
        found = formats.opened(
            table, self._storage, lambda: self._catalog.partitions(database, name)
        )
        return self.register(found)

    def _partition_table(self, database: str, name: str, place: Position | None) -> Source:
        """`"table$partitions"`: the partition keys' values, a row for each partition."""
        table = self._catalog.table(database, name, place)
        keys = [column for column in self.columns(table) if column.name in self._keys(table)]
        if not keys:
            raise self._catalog.missing(database, f"{name}{PARTITIONS}", place)
        return self.register(formats.partition_table(keys, self.partition_values(table)))

    def _keys(self, table: Table) -> list[str]:
        if formats.is_delta(table):
            found, _ = delta_tables.partitions_of(delta_tables.snapshot_of(table, self._storage))
            return [key.lower() for key in found]
        return [key["Name"].lower() for key in table.get("PartitionKeys") or []]

    def partition_values(self, table: Table) -> list[list[str | None]]:
        """Of each partition; NULL as None."""
        if formats.is_delta(table):
            _, found = delta_tables.partitions_of(delta_tables.snapshot_of(table, self._storage))
            return found
        values = [
            partition["Values"]
            for partition in self._catalog.partitions(table["DatabaseName"], table["Name"])
        ]
        return [[None if value == HIVE_NULL else value for value in each] for each in values]

    def register(self, found: formats.Opened) -> Source:
        own = f"t{next(self._numbers)}"
        self._connection.register(own, found.data)
        if found.expressions is None:
            return Source(own, found.columns, found.hidden)
        pairs = zip(found.expressions, found.columns, strict=True)
        items = [f"{expression} AS {quoted(column.name or '')}" for expression, column in pairs]
        items += [quoted(column.name or "") for column in found.hidden]
        return Source(f"(SELECT {', '.join(items)} FROM {own})", found.columns, found.hidden)

    def _view(self, table: Table) -> Query:
        key = (table["DatabaseName"], table["Name"])
        if key in self._views or len(self._views) > DEEPEST_VIEW:
            raise QueryError("VIEW_IS_RECURSIVE", f"View {'.'.join(key)} is recursive")
        definition = view_definition(table)
        outer, self._database = self._database, definition.get("schema") or table["DatabaseName"]
        self._views.append(key)
        try:
            sql = definition["originalSql"]
            return inner_query(sql, parsed(sql), self.find)
        except QueryError as error:
            raise QueryError(
                "INVALID_VIEW", f"Failed analyzing stored view '{'.'.join(key)}': {error}"
            ) from error
        finally:
            self._views.pop()
            self._database = outer

    def _information(self, name: str, place: Position | None) -> Source:
        found = information_schema.opened(name, self._catalog)
        if found is None:
            raise self._catalog.missing("information_schema", name, place)
        return self.register(found)
