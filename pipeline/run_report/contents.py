"""What a run report tells of one execution; plain data, without a client or a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipeline.delta_versions import Version
from pipeline.gold_history import Reasons
from pipeline.lineage import commit
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
    """`made` is when this was read."""

    run: PipelineRun
    made: datetime
    tables: Sequence[TableVersions] = ()
    reasons: Reasons = field(default_factory=Reasons)
    rejected: Sequence[RejectedRows] = ()

    @property
    def gold(self) -> list[TableVersions]:
        return [table for table in self.tables if table.layer == "gold"]


def around(
    versions: Sequence[Version], execution: str, began: datetime, ended: datetime
) -> tuple[Version | None, Version | None]:
    """The last version before an execution's first, and its last; twice the same where it has made
    none. `versions` are newest first.

    A commit says whose it is, or else it is of the run during which it was made: the jobs that
    write a table never run side by side.
    """

    def is_own(version: Version) -> bool:
        run = commit("", version).run
        if run is None or run.execution is None:
            return began <= version.committed <= ended
        return run.execution == execution

    own = [version for version in versions if is_own(version)]
    if not own:
        last = next((v for v in versions if v.committed <= ended), None)
        return last, last
    return next((v for v in versions if v.number < own[-1].number), None), own[0]
