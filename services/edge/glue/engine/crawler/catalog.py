"""The database that a crawler writes to, by Glue's own API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from services.edge.glue.engine.crawler.tables import Partition, Table, partition_input

BATCH = 25  # BatchDeletePartition takes so many, BatchCreatePartition 100


class Catalog:
    def __init__(self, glue: Any, database: str) -> None:
        self._glue = glue
        self.database = database

    def ensure(self) -> None:
        """Make the database where there is none."""
        with suppress(self._glue.exceptions.AlreadyExistsException):
            self._glue.create_database(DatabaseInput={"Name": self.database})

    def tables(self) -> list[Table]:
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=self.database)
        return [table for page in pages for table in page["TableList"]]

    def create(self, table: Table) -> None:
        self._glue.create_table(DatabaseName=self.database, TableInput=table)

    def update(self, table: Table) -> None:
        self._glue.update_table(DatabaseName=self.database, TableInput=table)

    def delete(self, name: str) -> None:
        self._glue.delete_table(DatabaseName=self.database, Name=name)

    def partitions(self, table: str) -> set[tuple[str, ...]]:
        pages = self._glue.get_paginator("get_partitions").paginate(
            DatabaseName=self.database, TableName=table, ExcludeColumnSchema=True
        )
        return {tuple(entry["Values"]) for page in pages for entry in page["Partitions"]}

    def create_partitions(self, table: Table, partitions: Iterable[Partition]) -> None:
        for batch in _batches(partition_input(partition, table) for partition in partitions):
            answer = self._glue.batch_create_partition(
                DatabaseName=self.database, TableName=table["Name"], PartitionInputList=batch
            )
            _raise_first(answer)

    def delete_partitions(self, table: str, values: Iterable[tuple[str, ...]]) -> None:
        for batch in _batches({"Values": list(entry)} for entry in values):
            answer = self._glue.batch_delete_partition(
                DatabaseName=self.database, TableName=table, PartitionsToDelete=batch
            )
            _raise_first(answer)


class PartitionError(Exception):
    """A partition that the catalog did not take."""


def _batches(entries: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    collected = list(entries)
    for start in range(0, len(collected), BATCH):
        yield collected[start : start + BATCH]


def _raise_first(answer: dict[str, Any]) -> None:
    for error in answer.get("Errors") or []:
        detail = error.get("ErrorDetail", {})
        raise PartitionError(f"Partition {error.get('PartitionValues')}: {detail}")
