"""Versions of the lake's tables compared, and the versions of silver that gold's were made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from pipeline import change_causes, delta_versions, lineage
from pipeline.change_causes import BOOKING_COLUMNS, BOOKINGS, SPEND, Cause, SpendChange
from pipeline.delta_versions import Version
from pipeline.names import ResourceNames
from pipeline.table_changes import TableChanges, table_changes

MOST_CAUSES = 20_000


@dataclass(frozen=True)
class Lake:
    """The tables of a stack, and how deltalake reaches them."""

    names: ResourceNames
    options: dict[str, str]

    def uri(self, table: str) -> str:
        return self.names.table_uri(table)

    def versions(self, table: str) -> list[Version]:
        """Newest first. Raises NoSuchTableError."""
        return delta_versions.versions(self.uri(table), self.options)

    def rows(self, table: str, version: int, columns: Sequence[str] = ()) -> pa.Table:
        """All rows of a version, of the named columns that it has; without names, of all.

        Raises NoSuchTableError, NoSuchVersionError.
        """
        if not columns:
            return delta_versions.rows_of_version(self.uri(table), self.options, version)
        opened = DeltaTable(self.uri(table), version=version, storage_options=self.options)
        known = {field.name for field in opened.schema().fields}
        wanted = [name for name in columns if name in known]
        return delta_versions.naive_utc(pa.table(opened.scan(columns=wanted)))


@dataclass(frozen=True)
class Reasons:
    """What differs in silver's facts; `left_out` is how many more bookings differ."""

    causes: Sequence[Cause] = ()
    spend: Sequence[SpendChange] = ()
    left_out: int = 0


def changes_between(
    lake: Lake, table: str, before: int | None, after: int, columns: Sequence[str] = ()
) -> TableChanges:
    """Two versions compared; None is the time before the table was there."""
    old = None if before is None else lake.rows(table, before, columns)
    return table_changes(table, old, lake.rows(table, after, columns), MOST_CAUSES)


def reasons(
    lake: Lake,
    bookings: tuple[int | None, int | None],
    spend: tuple[int | None, int | None],
) -> Reasons:
    """The deliveries and the spend between two versions of each of silver's facts."""
    booked = _silver_changes(lake, BOOKINGS, *bookings, BOOKING_COLUMNS)
    spent = _silver_changes(lake, SPEND, *spend, ())
    found = change_causes.causes(booked) if booked else []
    differing = booked.added + booked.removed + booked.changed if booked else 0
    return Reasons(
        found, change_causes.spend_changes(spent) if spent else [], differing - len(found)
    )


def made_from(gold: Version | None, silver: Sequence[Version], table: str) -> int | None:
    """The version of the silver table (of `silver`, newest first) that gold's was made from.

    As gold's commit says; else the last one that was committed before it.
    """
    if gold is None:
        return None
    named = lineage.commit("", gold).sources.get(table)
    if named is not None:
        return named
    return next((v.number for v in silver if v.committed <= gold.committed), None)


def other_code(before: Version | None, after: Version) -> list[str]:
    """What besides data differs between two versions of gold, as their commits say."""
    old, new = _note(before), _note(after)
    told = {"code": "gold's code", "channels": "the configuration of the channels"}
    return [words for key, words in told.items() if old.get(key) and old[key] != new.get(key)]


def _silver_changes(
    lake: Lake, table: str, before: int | None, after: int | None, columns: Sequence[str]
) -> TableChanges | None:
    if after is None or before == after:
        return None
    return changes_between(lake, table, before, after, columns)


def _note(version: Version | None) -> dict[str, Any]:
    try:
        found = json.loads((version.note if version else None) or "")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
