"""What a query sees of the Glue catalog: each table that it names is opened and registered."""

from __future__ import annotations

import base64
import json
import re
from itertools import count
from typing import Any

from services.edge.athena.default_database import DEFAULT, with_default
from services.edge.athena.engine import delta_tables
from services.edge.athena.engine import tables as formats
from services.edge.athena.engine.files import Storage
from services.edge.athena.engine.partition_values import HIVE_NULL
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.scope import Column, Query, Source
from services.edge.athena.sql.syntax import Position, parsed
from services.edge.athena.sql.translation import inner_query
from services.edge.athena.sql.types import quoted

Document = dict[str, Any]
VIEW = re.compile(r"/\* Presto View: (\S+) \*/")
DEEPEST_VIEW = 16
PARTITIONS = "$partitions"


class Catalog:
    """Glue for one query; `connection` is the DuckDB connection that the tables go to."""

    def __init__(self, glue: Any, storage: Storage, connection: Any, database: str) -> None:
        self.glue, self.storage, self.database = glue, storage, database
        self._connection = connection
        self._numbers = count()
        self._known: dict[tuple[str, str], Document] = {}
        self._sources: dict[tuple[str, str], Source | Query] = {}
        self._views: list[tuple[str, str]] = []

    def find(self, schema: str | None, name: str, place: Position | None) -> Source | Query:
        database = schema or self.database
        if database == "information_schema":
            return self._information(name, place)
        key = (database, name)
        if key not in self._sources:
            self._sources[key] = self._opened(database, name, place)
        return self._sources[key]

    def table(self, database: str, name: str, place: Position | None = None) -> Document:
        """The table as Glue has it; raises TABLE_NOT_FOUND or SCHEMA_NOT_FOUND."""
        key = (database, name)
        if key not in self._known:
            found = self.glue_table(database, name)
            if found is None:
                raise self._missing(database, name, place)
            self._known[key] = found
        return self._known[key]

    def glue_table(self, database: str, name: str) -> Document | None:
        try:
            found: Document = self.glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self.glue.exceptions.EntityNotFoundException:
            return None
        return found

    def has_database(self, database: str) -> bool:
        try:
            self.glue.get_database(Name=database)
        except self.glue.exceptions.EntityNotFoundException:
            return database == DEFAULT
        return True

    def databases(self) -> list[Document]:
        pages = self.glue.get_paginator("get_databases").paginate()
        return with_default([one for page in pages for one in page["DatabaseList"]])

    def tables(self, database: str) -> list[Document]:
        pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=database)
        try:
            return [one for page in pages for one in page["TableList"]]
        except self.glue.exceptions.EntityNotFoundException:
            if database != DEFAULT:
                raise
            return []

    def partitions(self, database: str, name: str) -> list[Document]:
        pages = self.glue.get_paginator("get_partitions").paginate(
            DatabaseName=database, TableName=name
        )
        return [one for page in pages for one in page["Partitions"]]

    def columns(self, table: Document) -> list[Column]:
        """A table's columns as a query sees them: of Delta its log, of a view its description."""
        if table.get("TableType") != "VIRTUAL_VIEW" and formats.is_delta(table):
            return delta_tables.columns_of(delta_tables.snapshot_of(table, self.storage))
        described = [
            *table["StorageDescriptor"].get("Columns", []),
            *table.get("PartitionKeys", []),
        ]
        return formats.columns(described)

    def _opened(self, database: str, name: str, place: Position | None) -> Source | Query:
        if name.endswith(PARTITIONS):
            return self._partition_table(database, name.removesuffix(PARTITIONS), place)
        table = self.table(database, name, place)
        if table.get("TableType") == "VIRTUAL_VIEW":
            return self._view(table)
        found = formats.opened(table, self.storage, lambda: self.partitions(database, name))
        return self.register(found)

    def _partition_table(self, database: str, name: str, place: Position | None) -> Source:
        """`"table$partitions"`: the partition keys' values, a row for each partition."""
        table = self.table(database, name, place)
        keys = [one for one in self.columns(table) if one.name in self._keys(table)]
        if not keys:
            raise self._missing(database, f"{name}{PARTITIONS}", place)
        return self.register(formats.partition_table(keys, self.partition_values(table)))

    def _keys(self, table: Document) -> list[str]:
        if formats.is_delta(table):
            found, _ = delta_tables.partitions_of(delta_tables.snapshot_of(table, self.storage))
            return [one.lower() for one in found]
        return [one["Name"].lower() for one in table.get("PartitionKeys") or []]

    def partition_values(self, table: Document) -> list[list[str | None]]:
        """Of each partition; NULL as None."""
        if formats.is_delta(table):
            _, found = delta_tables.partitions_of(delta_tables.snapshot_of(table, self.storage))
            return found
        values = [one["Values"] for one in self.partitions(table["DatabaseName"], table["Name"])]
        return [[None if one == HIVE_NULL else one for one in each] for each in values]

    def register(self, found: formats.Opened) -> Source:
        own = f"t{next(self._numbers)}"
        self._connection.register(own, found.data)
        if found.expressions is None:
            return Source(own, found.columns, found.hidden)
        pairs = zip(found.expressions, found.columns, strict=True)
        items = [f"{expression} AS {quoted(column.name or '')}" for expression, column in pairs]
        items += [quoted(column.name or "") for column in found.hidden]
        return Source(f"(SELECT {', '.join(items)} FROM {own})", found.columns, found.hidden)

    def _view(self, table: Document) -> Query:
        key = (table["DatabaseName"], table["Name"])
        if key in self._views or len(self._views) > DEEPEST_VIEW:
            raise QueryError("VIEW_IS_RECURSIVE", f"View {'.'.join(key)} is recursive")
        definition = view_definition(table)
        outer, self.database = self.database, definition.get("schema") or table["DatabaseName"]
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
            self.database = outer

    def _information(self, name: str, place: Position | None) -> Source:
        from services.edge.athena.engine import information_schema

        found = information_schema.opened(name, self)
        if found is None:
            raise self._missing("information_schema", name, place)
        return self.register(found)

    def _missing(self, database: str, name: str, place: Position | None) -> QueryError:
        if database != "information_schema" and not self.has_database(database):
            return QueryError("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist", place)
        return QueryError(
            "TABLE_NOT_FOUND", f"Table 'awsdatacatalog.{database}.{name}' does not exist", place
        )


def view_definition(table: Document) -> Document:
    """What CREATE VIEW stored: originalSql, catalog, schema, columns."""
    match = VIEW.search(table.get("ViewOriginalText") or "")
    if match is None:
        raise QueryError(
            "INVALID_VIEW",
            f"View {table['DatabaseName']}.{table['Name']} was not made by Athena or Presto",
        )
    definition: Document = json.loads(base64.b64decode(match[1]))
    return definition


def view_text(definition: Document) -> str:
    return f"/* Presto View: {base64.b64encode(json.dumps(definition).encode()).decode()} */"
