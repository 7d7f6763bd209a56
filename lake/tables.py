"""Delta tables of the stack as DuckDB views, for `lake sql` and the demo's closing tables."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa
import typer
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from lake.clients import check_endpoint
from lake.settings import Settings

SILVER = ("fact_events", "fact_bookings", "fact_marketing", "rejected_events", "rejected_marketing")
GOLD = (
    "gold_daily_bookings_by_channel",
    "gold_cpb_by_channel",
    "gold_channel_attribution",
    "gold_booking_time_analysis",
    "gold_meeting_load_per_employee",
    "gold_booking_metrics",
    "gold_booking_outcomes",
)


def sql(
    query: str = typer.Argument(..., help="A SELECT over silver and gold tables, by their names"),
    as_json: bool = typer.Option(False, "--json", help="Rows as JSON objects"),
) -> None:
    """Query the Delta tables with DuckDB's SQL, e.g. lake sql "FROM gold_cpb_by_channel"."""
    settings = Settings.from_env()
    check_endpoint(settings)
    connection = connect(settings, query)
    try:
        answer = connection.sql(query)
    except duckdb.Error as error:
        raise typer.BadParameter(str(error)) from error
    if answer is None:
        raise typer.BadParameter("expected a query that returns rows; the tables are read-only")
    if as_json:
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
        typer.echo(json.dumps(rows, default=str))
    else:
        typer.echo(str(answer))


def connect(settings: Settings, query: str) -> Any:
    """A DuckDB connection with a view for each table that the query names and that exists."""
    connection = duckdb.connect()
    for bucket, names in (("project6-silver-bucket", SILVER), ("project6-gold-bucket", GOLD)):
        for name in names:
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
    options = {
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }
    try:
        return DeltaTable(uri, storage_options=options)
    except TableNotFoundError:
        return None
