"""What stands at a crawler's targets now: tables, what is missing, what is unreadable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.edge.delta import log
from services.edge.delta.errors import DeltaTableError, NotADeltaTableError
from services.edge.glue.engine.crawler.tables import FoundTable, delta_table


@dataclass
class Findings:
    """`read` and `missing` are paths; one that was not read wholly is in neither of them."""

    tables: list[FoundTable] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def delta_targets(
    targets: list[dict[str, Any]], files: Any, found: Findings, check: Callable[[], None]
) -> None:
    """Read each table's log once, so that its columns and keys are of one version.

    `files` is the file system of pyarrow's that they are read by.
    """
    for path in (path for target in targets for path in target["DeltaTables"]):
        check()
        try:
            snapshot = log.opened(path, files)
        except NotADeltaTableError:
            found.missing.append(path)
        except DeltaTableError as error:
            found.failures.append(str(error))
        else:
            found.tables.append(delta_table(path, snapshot))
            found.read.append(path)
            found.notes.append(f"INFO : Read {path} at version {snapshot.version} of its Delta log")
