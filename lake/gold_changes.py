"""What a run made of the gold tables: rows of each, and its change in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lake.clients import REGION
from lake.settings import Settings
from lake.tables import open_table
from pipeline import change_words
from pipeline.delta_versions import rows_of, rows_of_version
from pipeline.names import GOLD
from pipeline.storage import storage_options
from pipeline.table_changes import table_changes

SHOWN_ROWS = 8


def gold_versions(settings: Settings) -> dict[str, int]:
    """The number of each table's newest version, of the tables that there are."""
    found = {}
    for name in GOLD:
        if (table := open_table(settings, name)) is not None:
            found[name] = table.version()
    return found


def since(settings: Settings, before: Mapping[str, int]) -> Iterator[str]:
    """Lines for the tables that have a newer version than they had before."""
    unchanged = []
    for name in GOLD:
        table = open_table(settings, name)
        if table is None:
            continue
        if table.version() == before.get(name):
            unchanged.append(name)
            continue
        options = storage_options(settings.endpoint_url, REGION)
        uri = settings.names.table_uri(name)
        old = rows_of_version(uri, options, before[name]) if name in before else None
        rows = rows_of(table)
        changes = table_changes(name, old, rows, SHOWN_ROWS)
        yield f"{change_words.headline(changes)} ({rows.num_rows:,} rows)"
        yield from (f"  {line}" for line in change_words.lines(changes))
    if unchanged:
        yield f"No new version of {', '.join(unchanged)}"
