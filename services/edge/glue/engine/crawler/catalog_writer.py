"""A crawl's changes written to the catalog, told line by line, and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.edge.glue.engine.crawler import catalog_changes
from services.edge.glue.engine.crawler.catalog import Catalog
from services.edge.glue.engine.crawler.catalog_changes import Change
from services.edge.glue.engine.crawler.tables import FoundTable

Counts = dict[str, int]
SHOWN = 20  # partitions of one line in the log


class Writer:
    """Applies changes one after the other; `counts` tells what is in the catalog by then."""

    def __init__(
        self, catalog: Catalog, log: Callable[[str], None], delete_behavior: str, counts: Counts
    ) -> None:
        self._catalog = catalog
        self._log = log
        self._delete_behavior = delete_behavior
        self._counts = counts

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

    def _create(self, change: Change, now: float) -> None:
        self._catalog.create({**change.table, "LastAccessTime": now})
        self._tell("TablesCreated", f"Created table {change.name} in")

    def _update(self, change: Change, now: float) -> None:
        if change.rekeyed:
            self._catalog.delete_partitions(change.name, self._catalog.partitions(change.name))
        self._catalog.update({**change.table, "LastAccessTime": now})
        self._tell("TablesUpdated", f"Updated table {change.name} in")

    def _delete(self, change: Change, _: float) -> None:
        self._catalog.delete(change.name)
        self._tell("TablesDeleted", f"Deleted table {change.name} in")

    def _deprecate(self, change: Change, now: float) -> None:
        self._catalog.update(catalog_changes.deprecated(change.table, now))
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
            self._tell_partitions("Created", change.name, [entry.values for entry in new])
        gone = sorted(present - wanted.keys())
        if gone and found.whole and self._delete_behavior == "DELETE_FROM_DATABASE":
            self._catalog.delete_partitions(change.name, gone)
            self._tell_partitions("Deleted", change.name, gone)

    def _tell_partitions(self, done: str, table: str, values: list[tuple[str, ...]]) -> None:
        count = f"Partitions{done}"
        self._counts[count] = self._counts.get(count, 0) + len(values)
        shown = ", ".join(f"[{', '.join(entry)}]" for entry in values[:SHOWN])
        rest = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
        self._log(
            f"INFO : {done} partitions with values [{shown}]{rest} for table {table}"
            f" in database {self._catalog.database}"
        )

    def _tell(self, count: str, text: str) -> None:
        self._counts[count] = self._counts.get(count, 0) + 1
        self._log(f"INFO : {text} database {self._catalog.database}")
