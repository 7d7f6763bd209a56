"""What a run report tells of one execution; plain data, without a client or a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.change_causes import Cause, SpendChange
from pipeline.delta_versions import Version
from pipeline.pipeline_run import PipelineRun
from pipeline.table_changes import TableChanges

Layer = Literal["silver", "gold"]


@dataclass(frozen=True)
class TableVersions:
    """A table before and after the run; `before` None where the run made it."""

    table: str
    layer: Layer
    before: Version | None
    after: Version
    rows: int
    changes: TableChanges | None = None

    @property
    def is_changed(self) -> bool:
        return self.before is None or self.before.number != self.after.number


@dataclass(frozen=True)
class RejectedRows:
    """The rows that a run rejected for a reason; a row with two reasons counts in both.

    `samples` are a few of them: the bronze object, and the start of its text, masked.
    """

    table: str
    reason: str
    rows: int
    samples: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Contents:
    """`causes` and `spend` are what differs in silver's facts; `made` is when this was read."""

    run: PipelineRun
    made: datetime
    tables: Sequence[TableVersions] = ()
    causes: Sequence[Cause] = ()
    spend: Sequence[SpendChange] = ()
    rejected: Sequence[RejectedRows] = ()

    @property
    def gold(self) -> list[TableVersions]:
        return [table for table in self.tables if table.layer == "gold"]


def around(
    versions: Sequence[Version], began: datetime, ended: datetime
) -> tuple[Version | None, Version | None]:
    """The last version before a run began, and the last one until it ended; `versions` are
    newest first."""
    before = next((v for v in versions if v.committed < began), None)
    after = next((v for v in versions if v.committed <= ended), None)
    return before, after
