"""A crawl's changes written to the catalog, told line by line, and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.edge.glue.crawlers import changes
from services.edge.glue.crawlers.catalog import Catalog
from services.edge.glue.crawlers.changes import Change
from services.edge.glue.crawlers.tables import FoundTable

Counts = dict[str, int]


class Writer:
    """Applies changes one after the other; `counts` are of what is in the catalog by then."""

    def __init__(self, catalog: Catalog, log: Callable[[str], None], delete_behavior: str) -> None:
        self._catalog = catalog
        self._log = log
        self._delete_behavior = delete_behavior
        self.counts: Counts = dict.fromkeys(
            (
                *("TablesCreated", "TablesUpdated", "TablesDeleted"),
                *("PartitionsCreated", "PartitionsDeleted"),
            ),
            0,
        )

    def write(self, change: Change, now: float) -> None:
        steps: dict[str, Callable[[Change, float], Any]] = {
            "create": self._create,
            "update": self._update,
            "delete": self._delete,
            "deprecate": self._deprecate,
            "log": self._only_log,
        }
        if change.action in steps:
            steps[change.action](change, now)
        if change.found is not None and change.found.classification != "delta":
            self._write_partitions(change, change.found)

    def _create(self, change: Change, _: float) -> None:
        self._catalog.create(change.table)
        self._tell("TablesCreated", f"Created table {change.name} in")

    def _update(self, change: Change, _: float) -> None:
        if change.rekeyed:
            self._catalog.delete_partitions(change.name, self._catalog.partitions(change.name))
        self._catalog.update(change.table)
        self._tell("TablesUpdated", f"Updated table {change.name} in")

    def _delete(self, change: Change, _: float) -> None:
        self._catalog.delete(change.name)
        self._tell("TablesDeleted", f"Deleted table {change.name} in")

    def _deprecate(self, change: Change, now: float) -> None:
        self._catalog.update(changes.deprecated(change.table, now))
        self._tell("TablesUpdated", f"Deprecated table {change.name} in")

    def _only_log(self, change: Change, _: float) -> None:
        what = "is gone" if change.found is None else "has another schema"
        self._log(
            f"INFO : Table {change.name} in database {self._catalog.database} {what};"
            " it is left as it is by the SchemaChangePolicy"
        )

    def _write_partitions(self, change: Change, found: FoundTable) -> None:
        if not found.partition_keys:
            return
        if change.action == "log" and change.rekeyed:
            self._log(
                "WARN : Folder partition keys do not match table partition keys,"
                f" skipped folder: {found.location}"
            )
            return
        wanted = {partition.values: partition for partition in found.partitions}
        present = self._catalog.partitions(change.name)
        if new := [wanted[values] for values in wanted if values not in present]:
            self._catalog.create_partitions(change.table, new)
            values = ", ".join(f"[{', '.join(partition.values)}]" for partition in new)
            self._log(
                f"INFO : Created partitions with values [{values}] for table {change.name}"
                f" in database {self._catalog.database}"
            )
            self.counts["PartitionsCreated"] += len(new)
        gone = sorted(present - wanted.keys())
        if gone and self._delete_behavior == "DELETE_FROM_DATABASE":
            self._catalog.delete_partitions(change.name, gone)
            self._log(
                f"INFO : Deleted partitions with values {[list(v) for v in gone]} for table"
                f" {change.name} in database {self._catalog.database}"
            )
            self.counts["PartitionsDeleted"] += len(gone)

    def _tell(self, count: str, text: str) -> None:
        self.counts[count] += 1
        self._log(f"INFO : {text} database {self._catalog.database}")
