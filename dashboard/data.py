"""Delta tables on S3 as DuckDB tables: each version of a table is read once."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from dashboard import states
from dashboard.settings import Settings


@dataclass(frozen=True)
class Source:
    """A table, the layer that it is in, and the columns that the dashboard reads; of a distinct one
    each combination of them once."""

    name: str
    layer: str
    schema: pa.Schema
    distinct: bool = False


def _columns(**types: pa.DataType) -> pa.Schema:
    return pa.schema(list(types.items()))


TEXT, TEXTS = pa.string(), pa.list_(pa.string())
# Naive and UTC: DuckDB would otherwise ask an extension for the hour of a time with a zone.
TIME = pa.timestamp("us")
REJECTED = _columns(bronze_key=TEXT, reasons=TEXTS, run=TEXT)
SOURCES = {
    source.name: source
    for source in (
        Source(
            "gold_booking_metrics",
            "gold",
            _columns(
                booking_date=pa.date32(),
                channel=TEXT,
                booking_hour=TIME,
                total_bookings=pa.int32(),
                total_spend=pa.float64(),
            ),
        ),
        Source("gold_cpb_by_channel", "gold", _columns(channel=TEXT)),
        Source(
            "fact_bookings",
            "silver",
            _columns(
                invitee_id=TEXT,
                booking_date=pa.date32(),
                channel=TEXT,
                employee_email=TEXT,
                employee_ids=TEXTS,
                scheduled_event_id=TEXT,
                event_start_time=TIME,
                status=TEXT,
                rescheduled=pa.bool_(),
                event=TEXT,
                event_created_at=TIME,
                bronze_key=TEXT,
            ),
        ),
        # It has many rows to a booking; the overview wants the members' names of it only.
        Source(
            "fact_events",
            "silver",
            _columns(
                data_payload_scheduled_event_event_memberships_user=TEXT,
                data_payload_scheduled_event_event_memberships_user_name=TEXT,
            ),
            distinct=True,
        ),
        Source("rejected_events", "silver", REJECTED.append(pa.field("raw", TEXT))),
        Source("rejected_marketing", "silver", REJECTED),
    )
}


@dataclass(frozen=True)
class Version:
    """What identifies a table's content: a table made anew has another id at the same version."""

    name: str
    table_id: str
    version: int


def current_versions(settings: Settings, names: Iterable[str]) -> dict[str, Version]:
    """The versions of the named tables that exist, by name; reads only the tables' logs."""
    wanted = [SOURCES[name] for name in names]
    with ThreadPoolExecutor(len(wanted)) as pool:
        found = pool.map(lambda source: _version(settings, source), wanted)
        return {version.name: version for version in found if version}


def read(settings: Settings, version: Version) -> tuple[pa.Table, datetime]:
    """The rows of one version, and when it was committed."""
    source = SOURCES[version.name]
    try:
        table = DeltaTable(
            uri(settings, source), version=version.version, storage_options=settings.storage_options
        )
        rows = _rows(table, source)
        committed = table.history(limit=1)[0]["timestamp"] / 1000
        return with_schema(rows, source.schema), datetime.fromtimestamp(committed, UTC)
    # The last two are of a column that is not there, or of another type.
    except (DeltaError, OSError, ValueError, KeyError) as error:
        raise states.unreadable(version.name, error, settings.endpoint_url) from error


def _rows(table: DeltaTable, source: Source) -> pa.Table:
    # Not to_pyarrow_table(): PyArrow's threads over deltalake's files can abort an ending process.
    scanned = table.scan(columns=source.schema.names)
    if not source.distinct:
        return pa.table(scanned)
    batches = pa.RecordBatchReader.from_stream(scanned)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("batches", batches)
        return connection.sql("SELECT DISTINCT * FROM batches").to_arrow_table()


def with_schema(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows in the types that the queries expect; times with a zone become naive UTC."""
    return rows.select(schema.names).cast(schema)


def database(tables: dict[str, pa.Table]) -> Any:
    """A DuckDB database of the tables; a source that is not among them is an empty table."""
    connection = duckdb.connect(config={"threads": 2})
    for source in SOURCES.values():
        connection.register("incoming", tables.get(source.name, source.schema.empty_table()))
        connection.execute(f"CREATE TABLE {source.name} AS FROM incoming")
        connection.unregister("incoming")
    return connection


def as_of(committed: dict[str, datetime]) -> str | None:
    """When gold changed last; silver may be newer, where a run ended before gold."""
    gold = [time for name, time in committed.items() if SOURCES[name].layer == "gold"]
    return f"{max(gold):%-d %b %Y, %H:%M:%S} UTC" if gold else None


def uri(settings: Settings, source: Source) -> str:
    names = settings.resources
    bucket = names.gold_bucket if source.layer == "gold" else names.silver_bucket
    return f"s3://{bucket}/{source.name}"


def _version(settings: Settings, source: Source) -> Version | None:
    try:
        table = DeltaTable(uri(settings, source), storage_options=settings.storage_options)
        return Version(source.name, str(table.metadata().id), table.version())
    except TableNotFoundError:
        return None
    except (DeltaError, OSError) as error:
        raise states.unreadable(source.name, error, settings.endpoint_url) from error
