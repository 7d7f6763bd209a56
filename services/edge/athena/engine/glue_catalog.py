"""The Glue catalog as one query asks it: databases, tables, partitions; what is missing by name."""

from __future__ import annotations

from typing import Any

from services.edge.athena.default_database import DEFAULT, with_default
from services.edge.athena.glue_documents import Database, Partition, Table
from services.edge.athena.sql.errors import Position, QueryError


class GlueCatalog:
    """`database` is the one that a name without a database means."""

    def __init__(self, glue: Any, database: str) -> None:
        self.glue, self.database = glue, database
        self._known: dict[tuple[str, str], Table] = {}

    def table(self, database: str, name: str, place: Position | None = None) -> Table:
        """The table as Glue has it; raises TABLE_NOT_FOUND or SCHEMA_NOT_FOUND."""
        key = (database, name)
        if key not in self._known:
            found = self.glue_table(database, name)
            if found is None:
                raise self.missing(database, name, place)
            self._known[key] = found
        return self._known[key]

    def glue_table(self, database: str, name: str) -> Table | None:
        try:
            found: Table = self.glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self.glue.exceptions.EntityNotFoundException:
            return None
        return found

    def has_database(self, database: str) -> bool:
        try:
            self.glue.get_database(Name=database)
        except self.glue.exceptions.EntityNotFoundException:
            return database == DEFAULT
        return True

    def databases(self) -> list[Database]:
        pages = self.glue.get_paginator("get_databases").paginate()
        return with_default([database for page in pages for database in page["DatabaseList"]])

    def tables(self, database: str) -> list[Table]:
        pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=database)
        try:
            return [table for page in pages for table in page["TableList"]]
        except self.glue.exceptions.EntityNotFoundException:
            if database != DEFAULT:
                raise
            return []

    def partitions(self, database: str, name: str) -> list[Partition]:
        pages = self.glue.get_paginator("get_partitions").paginate(
            DatabaseName=database, TableName=name
        )
        return [partition for page in pages for partition in page["Partitions"]]

    def missing(self, database: str, name: str, place: Position | None) -> QueryError:
        if database != "information_schema" and not self.has_database(database):
            return QueryError("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist", place)
        return QueryError(
            "TABLE_NOT_FOUND", f"Table 'awsdatacatalog.{database}.{name}' does not exist", place
        )
