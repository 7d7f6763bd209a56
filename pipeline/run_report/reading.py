"""An execution and the lake in, the contents of its report out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from pipeline import gold_history
from pipeline.change_causes import BOOKINGS, SPEND
from pipeline.delta_versions import NoSuchTableError, NoSuchVersionError, Version
from pipeline.gold_history import Lake, Reasons
from pipeline.names import GOLD, SILVER
from pipeline.pipeline_run import PipelineRun
from pipeline.run_report.contents import Contents, Layer, RejectedRows, TableVersions, around
from pipeline.run_report.rejected import rejected_rows
from pipeline.table_changes import TableChanges

AT_ONCE = 6


def contents(run: PipelineRun, lake: Lake, now: datetime | None = None) -> Contents:
    """What the run has done to the lake, as the tables' logs and rows tell now."""
    made = now or datetime.now(UTC)
    began, ended = run.execution.started, run.execution.stopped or made
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tables = pool.map(
            lambda name: _table(lake, name, run.execution.arn, began, ended),
            (*SILVER, *GOLD),
        )
        found = [table for table in tables if table]
    rejected = _rejected(lake, began, ended + timedelta(seconds=1))
    return Contents(run, made, found, _reasons(lake, {t.table: t for t in found}), rejected)


def _table(
    lake: Lake, name: str, execution: str, began: datetime, ended: datetime
) -> TableVersions | None:
    try:
        before, after = around(lake.versions(name), execution, began, ended)
        if after is None:
            return None
        opened = DeltaTable(lake.uri(name), version=after.number, storage_options=lake.options)
        rows = sum(pa.table(opened.get_add_actions(flatten=True))["num_records"].to_pylist())
    except (NoSuchTableError, DeltaError):
        return None
    layer: Layer = "silver" if name in SILVER else "gold"
    is_changed = before is None or before.number != after.number
    changes = _changes(lake, name, before, after) if layer == "gold" and is_changed else None
    return TableVersions(name, layer, before, after, rows, changes)


def _changes(lake: Lake, name: str, before: Version | None, after: Version) -> TableChanges | None:
    """None where a version's files are gone."""
    try:
        number = before.number if before else None
        return gold_history.changes_between(lake, name, number, after.number)
    except NoSuchVersionError:
        return None


def _reasons(lake: Lake, tables: Mapping[str, TableVersions]) -> Reasons:
    """None where the files of a version are gone."""

    def pair(name: str) -> tuple[int | None, int | None]:
        table = tables.get(name)
        if table is None:
            return None, None
        return table.before.number if table.before else None, table.after.number

    try:
        return gold_history.reasons(lake, pair(BOOKINGS), pair(SPEND))
    except (NoSuchVersionError, DeltaError, OSError):
        return Reasons()


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
