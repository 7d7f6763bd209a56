"""Delta tables of the stack as DuckDB views, for `lake sql` and the demo's closing tables."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from lake.clients import REGION
from lake.settings import Settings
from pipeline.names import GOLD, SILVER
from pipeline.storage import storage_options


def connect(settings: Settings, query: str) -> Any:
    """A DuckDB connection with a view for each table that the query names and that exists."""
    connection = duckdb.connect()
    names = settings.names
    for bucket, tables in ((names.silver_bucket, SILVER), (names.gold_bucket, GOLD)):
        for name in tables:
            if name in query and (table := _open(settings, f"s3://{bucket}/{name}")):
                connection.register(name, _rows(table))
    return connection


def _rows(table: DeltaTable) -> pa.Table:
    """All rows, times as naive UTC: DuckDB wants an extension, and pytz, for times with a zone."""
    rows = pa.table(table.scan())
    fields = [
        field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))


def _open(settings: Settings, uri: str) -> DeltaTable | None:
    options = storage_options(settings.endpoint_url, REGION)
    try:
        return DeltaTable(uri, storage_options=options)
    except TableNotFoundError:
        return None
