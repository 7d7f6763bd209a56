"""Delta tables of the stack as DuckDB views, for `lake sql` and the demo's closing tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from lake.clients import REGION
from lake.settings import Settings
from pipeline.delta_versions import rows_of
from pipeline.names import GOLD, SILVER
from pipeline.storage import storage_options

READERS = 4


def connect(settings: Settings, query: str) -> Any:
    """A DuckDB connection with a view for each table that the query names and that exists."""
    connection = duckdb.connect()
    for name in (*SILVER, *GOLD):
        if name in query and (table := open_table(settings, name)):
            connection.register(name, rows_of(table))
    return connection


def open_table(settings: Settings, name: str) -> DeltaTable | None:
    options = storage_options(settings.endpoint_url, REGION)
    try:
        return DeltaTable(settings.names.table_uri(name), storage_options=options)
    except TableNotFoundError:
        return None


def schemas(settings: Settings) -> dict[str, list[str]]:
    """The names of the columns of each table that exists."""
    with ThreadPoolExecutor(READERS) as pool:
        found = pool.map(lambda name: (name, open_table(settings, name)), (*SILVER, *GOLD))
        return {name: [f.name for f in t.schema().fields] for name, t in found if t is not None}
