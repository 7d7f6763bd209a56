"""An execution and the lake in, the contents of its report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from pipeline import change_causes, delta_versions
from pipeline.change_causes import BOOKING_COLUMNS, BOOKINGS, SPEND, Cause, SpendChange
from pipeline.delta_versions import NoSuchTableError, NoSuchVersionError, Version
from pipeline.names import GOLD, SILVER, ResourceNames
from pipeline.pipeline_run import PipelineRun
from pipeline.run_report.contents import Contents, Layer, RejectedRows, TableVersions, around
from pipeline.run_report.rejected import rejected_rows
from pipeline.table_changes import TableChanges, table_changes

AT_ONCE = 6
MOST_CAUSES = 20_000


@dataclass(frozen=True)
class Lake:
    """The tables of a stack, and how deltalake reaches them."""

    names: ResourceNames
    options: dict[str, str]

    def uri(self, table: str) -> str:
        return self.names.table_uri(table)

    def rows(
        self, table: str, version: int | None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """The rows of a version; raises NoSuchTableError, NoSuchVersionError."""
        if columns is None and version is not None:
            return delta_versions.rows_of_version(self.uri(table), self.options, version)
        opened = DeltaTable(self.uri(table), version=version, storage_options=self.options)
        known = [field.name for field in opened.schema().fields]
        wanted = [name for name in columns or known if name in known]
        return delta_versions.naive_utc(pa.table(opened.scan(columns=wanted)))


def contents(run: PipelineRun, lake: Lake, now: datetime | None = None) -> Contents:
    """What the run has done to the lake, as the tables' logs and rows tell now.

    A version belongs to the run during which it was committed: the jobs of one table never run
    side by side.
    """
    made = now or datetime.now(UTC)
    began, ended = run.execution.started, run.execution.stopped or made
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tables = pool.map(
            lambda name: _table(lake, name, "silver" if name in SILVER else "gold", began, ended),
            (*SILVER, *GOLD),
        )
        found = [table for table in tables if table]
    causes, spend = _causes(lake, {table.table: table for table in found})
    return Contents(
        run, made, found, causes, spend, _rejected(lake, began, ended + timedelta(seconds=1))
    )


def _table(
    lake: Lake, name: str, layer: Layer, began: datetime, ended: datetime
) -> TableVersions | None:
    try:
        before, after = around(delta_versions.versions(lake.uri(name), lake.options), began, ended)
        if after is None:
            return None
        opened = DeltaTable(lake.uri(name), version=after.number, storage_options=lake.options)
        rows = sum(pa.table(opened.get_add_actions(flatten=True))["num_records"].to_pylist())
    except (NoSuchTableError, DeltaError):
        return None
    is_changed = before is None or before.number != after.number
    changes = _changes(lake, name, before, after) if layer == "gold" and is_changed else None
    return TableVersions(name, layer, before, after, rows, changes)


def _changes(lake: Lake, name: str, before: Version | None, after: Version) -> TableChanges | None:
    """None where a version's files are gone."""
    try:
        old = lake.rows(name, before.number) if before else None
        return table_changes(name, old, lake.rows(name, after.number))
    except NoSuchVersionError:
        return None


def _causes(
    lake: Lake, tables: Mapping[str, TableVersions]
) -> tuple[list[Cause], list[SpendChange]]:
    bookings = _silver_changes(lake, tables.get(BOOKINGS), BOOKING_COLUMNS)
    spend = _silver_changes(lake, tables.get(SPEND), None)
    return (
        change_causes.causes(bookings) if bookings else [],
        change_causes.spend_changes(spend) if spend else [],
    )


def _silver_changes(
    lake: Lake, table: TableVersions | None, columns: Sequence[str] | None
) -> TableChanges | None:
    if table is None or not table.is_changed:
        return None
    try:
        before = table.before.number if table.before else None
        return changes_between(lake, table.table, before, table.after.number, columns)
    except (NoSuchVersionError, DeltaError, OSError):
        return None


def changes_between(
    lake: Lake, table: str, before: int | None, after: int, columns: Sequence[str] | None = None
) -> TableChanges:
    """Two versions of a silver table, or of some of its columns, compared."""
    old = None if before is None else lake.rows(table, before, columns)
    return table_changes(table, old, lake.rows(table, after, columns), MOST_CAUSES)


def _rejected(lake: Lake, began: datetime, ended: datetime) -> list[RejectedRows]:
    found: list[RejectedRows] = []
    # Runs are named by the second of S3's clock at which they began to list.
    predicate = f"run >= '{began:%Y-%m-%dT%H:%M:%S}' AND run < '{ended:%Y-%m-%dT%H:%M:%S}'"
    for name in ("rejected_events", "rejected_marketing"):
        try:
            table = DeltaTable(lake.uri(name), storage_options=lake.options)
        except TableNotFoundError:
            continue
        columns = ["bronze_key", "reasons", "raw"]
        rows = pa.table(table.scan(columns=columns, predicate=predicate)).to_pylist()
        found.extend(rejected_rows(name, rows))
    return found
