"""What a crawl does to the catalog, from what it found, what is there, and the crawler's policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from services.edge.glue.documents.crawler_targets import folder
from services.edge.glue.documents.crawlers import Crawler, merges_new_columns
from services.edge.glue.engine.crawler.tables import (
    CRAWLER,
    DEPRECATED,
    FoundTable,
    Table,
    distinct_name,
    table_input,
    table_name,
)

# What UpdateTable takes; GetTable answers more.
INPUT = (
    *("Name", "Description", "Owner", "LastAccessTime", "LastAnalyzedTime", "Retention"),
    *("StorageDescriptor", "PartitionKeys", "ViewOriginalText", "ViewExpandedText"),
    *("TableType", "Parameters", "TargetTable"),
)


@dataclass(frozen=True)
class Change:
    """One table's change; `found` is None for a table whose data are gone.

    `rekeyed` tells of other partition keys than the catalog has: its partitions do not fit.
    """

    action: Literal["create", "update", "keep", "log", "delete", "deprecate"]
    name: str
    table: Table
    found: FoundTable | None = None
    rekeyed: bool = False


def planned(crawler: Crawler, found: list[FoundTable], present: list[Table]) -> list[Change]:
    """The changes of all tables that were found, in their order."""
    by_name = {table["Name"]: table for table in present}
    taken: set[str] = set()
    changes = []
    for table in found:
        name = _name(table, crawler, by_name, taken)
        taken.add(name)
        changes.append(_change(crawler, table, name, by_name.get(name)))
    return changes


def vanished(
    crawler: Crawler, paths: list[str], kept: set[str], present: list[Table]
) -> list[Change]:
    """The changes of this crawler's tables below `paths` that are not among the `kept` names."""
    gone = [
        table
        for table in present
        if table.get("Parameters", {}).get(CRAWLER) == crawler["Name"]
        and table["Name"] not in kept
        and any(_location(table).startswith(folder(path)) for path in paths)
    ]
    return [_removal(crawler["SchemaChangePolicy"]["DeleteBehavior"], table) for table in gone]


def _name(found: FoundTable, crawler: Crawler, present: dict[str, Table], taken: set[str]) -> str:
    name = table_name(found.location, crawler.get("TablePrefix") or "")
    other = name in present and _location(present[name]) != folder(found.location)
    return distinct_name(name, found.location) if other or name in taken else name


def _change(crawler: Crawler, found: FoundTable, name: str, present: Table | None) -> Change:
    wanted = table_input(found, name, crawler["Name"])
    if present is None:
        return Change("create", name, wanted, found)
    if found.classification != "delta" and merges_new_columns(crawler):
        wanted = _with_merged_columns(wanted, present)
    if _schema(present) == _schema(wanted):
        return Change("keep", name, _merged(wanted, present), found)
    rekeyed = _schema(present)["keys"] != _schema(wanted)["keys"]
    only_logged = crawler["SchemaChangePolicy"]["UpdateBehavior"] == "LOG"
    action: Literal["log", "update"] = "log" if only_logged else "update"
    return Change(action, name, _merged(wanted, present), found, rekeyed)


def _removal(behavior: str, table: Table) -> Change:
    present = {name: table[name] for name in INPUT if name in table}
    if behavior == "DELETE_FROM_DATABASE":
        return Change("delete", table["Name"], present)
    if behavior == "LOG" or DEPRECATED in table["Parameters"]:
        return Change("log", table["Name"], present)
    return Change("deprecate", table["Name"], present)


def never_found(missing: list[str], gone: list[Change]) -> list[str]:
    """What to tell of targets where nothing stands and that the catalog does not know either."""
    known = [_location(change.table) for change in gone]
    return [
        f"The S3 location: {path} does not exist or holds no table."
        for path in missing
        if not any(location.startswith(folder(path)) for location in known)
    ]


def deprecated(table: Table, now: float) -> Table:
    """The table with AWS's mark of one whose data are gone; `now` in epoch seconds."""
    parameters = {**table["Parameters"], DEPRECATED: str(round(now * 1000))}
    return {**table, "Parameters": parameters}


def _merged(wanted: Table, present: Table) -> Table:
    """What the crawler found, with what people have added to the table."""
    kept = {name: present[name] for name in INPUT if present.get(name) is not None}
    parameters = {**present.get("Parameters", {}), **wanted["Parameters"]}
    parameters.pop(DEPRECATED, None)
    comments = {
        column["Name"]: column["Comment"]
        for column in present["StorageDescriptor"]["Columns"]
        if column.get("Comment")
    }
    storage = wanted["StorageDescriptor"]
    columns = [
        {"Comment": comments[column["Name"]], **column} if column["Name"] in comments else column
        for column in storage["Columns"]
    ]
    return {
        **kept,
        **wanted,
        "Parameters": parameters,
        "StorageDescriptor": {**storage, "Columns": columns},
    }


def _with_merged_columns(wanted: Table, present: Table) -> Table:
    known = present["StorageDescriptor"]["Columns"]
    names = {column["Name"] for column in known}
    new = [c for c in wanted["StorageDescriptor"]["Columns"] if c["Name"] not in names]
    return {
        **wanted,
        "StorageDescriptor": {**wanted["StorageDescriptor"], "Columns": [*known, *new]},
    }


def _schema(table: Table) -> dict[str, Any]:
    """What makes a new version of a table when it differs."""
    storage = table["StorageDescriptor"]
    serde = storage.get("SerdeInfo", {})
    parameters = table.get("Parameters", {})
    return {
        "columns": _typed(storage.get("Columns", [])),
        "keys": _typed(table.get("PartitionKeys", [])),
        "location": _location(table),
        "formats": (storage.get("InputFormat"), storage.get("OutputFormat")),
        "serde": (serde.get("SerializationLibrary"), serde.get("Parameters", {})),
        "parameters": {
            name: parameters.get(name)
            for name in ("classification", "skip.header.line.count", "table_type", DEPRECATED)
        },
    }


def _typed(columns: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(column["Name"], column["Type"]) for column in columns]


def _location(table: Table) -> str:
    return folder(table.get("StorageDescriptor", {}).get("Location") or "")
