"""Rows of a table in, digests of what it holds out: one for each date that it is partitioned by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyspark.sql import Row

# The key of all rows of a table without partitions; in one with them, of the rows without a date.
NO_DATE = ""


@dataclass(frozen=True)
class TableContents:
    """The columns with their types, and a digest of the rows by the ISO text of their date."""

    columns: Sequence[Sequence[str]]
    digests: Mapping[str, str]

    @staticmethod
    def of(
        rows: Sequence[Row], columns: Sequence[Sequence[str]], partition_by: str | None
    ) -> TableContents:
        """What a table of these rows holds, in whatever order they come."""
        parts: dict[str, list[str]] = {}
        for row in rows:
            parts.setdefault(part_of(row, partition_by), []).append(repr(tuple(row)))
        digests = {part: _digest(texts) for part, texts in parts.items()}
        return TableContents([list(column) for column in columns], digests)

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> TableContents:
        return TableContents(document["columns"], document["digests"])

    def document(self) -> dict[str, Any]:
        return {"columns": self.columns, "digests": self.digests}

    def parts_that_differ(self, stored: TableContents) -> set[str]:
        """The dates whose rows differ, those included that only one of the two has."""
        every = self.digests.keys() | stored.digests.keys()
        return {part for part in every if self.digests.get(part) != stored.digests.get(part)}


def part_of(row: Row, partition_by: str | None) -> str:
    day: date | None = row[partition_by] if partition_by else None
    return NO_DATE if day is None else day.isoformat()


def _digest(texts: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for text in sorted(texts):
        digest.update(f"{len(text)} {text}".encode())
    return digest.hexdigest()[:32]
