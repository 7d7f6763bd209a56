"""Delta tables on S3 as DuckDB tables: each version of a table is read once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from dashboard.settings import Settings

UNREACHABLE = (ConnectionError, HTTPClientError)


class StackDownError(Exception):
    """Nothing answers at the endpoint."""


class NotDeployedError(Exception):
    """The endpoint answers, but the buckets are not there."""


class MissingTablesError(Exception):
    """The buckets are there, the tables are not yet."""


@dataclass(frozen=True)
class Source:
    """A table, the layer that it is in, and the columns that the dashboard reads."""

    name: str
    layer: str
    schema: pa.Schema
    required: bool = True


def _columns(**types: pa.DataType) -> pa.Schema:
    return pa.schema(list(types.items()))


TEXT, TEXTS = pa.string(), pa.list_(pa.string())
# Naive and UTC: DuckDB would otherwise ask an extension for the hour of a time with a zone.
TIME = pa.timestamp("us")
SOURCES = (
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
            booking_date=pa.date32(),
            channel=TEXT,
            employee_email=TEXT,
            employee_ids=TEXTS,
            scheduled_event_id=TEXT,
            event_start_time=TIME,
            status=TEXT,
            rescheduled=pa.bool_(),
        ),
    ),
    Source("rejected_events", "silver", _columns(reasons=TEXTS), required=False),
    Source("rejected_marketing", "silver", _columns(reasons=TEXTS), required=False),
)


@dataclass(frozen=True)
class Version:
    """What identifies a table's content: a table made anew has another id at the same version."""

    name: str
    table_id: str
    version: int


def current_versions(settings: Settings) -> dict[str, Version]:
    """The versions of the tables that exist, by name; reads only the tables' logs."""
    with ThreadPoolExecutor(len(SOURCES)) as pool:
        found = pool.map(lambda source: _version(settings, source), SOURCES)
        versions = {version.name: version for version in found if version}
    missing = [s.name for s in SOURCES if s.required and s.name not in versions]
    if missing:
        raise MissingTablesError(", ".join(missing))
    return versions


def read(settings: Settings, version: Version) -> tuple[pa.Table, datetime]:
    """The rows of one version, and when it was committed."""
    source = next(source for source in SOURCES if source.name == version.name)
    table = DeltaTable(
        _uri(settings, source), version=version.version, storage_options=settings.storage_options
    )
    # Not to_pyarrow_table(): PyArrow's threads over deltalake's files can abort an ending process.
    rows = pa.table(table.scan(columns=source.schema.names))
    committed = table.history(limit=1)[0]["timestamp"] / 1000
    return with_schema(rows, source.schema), datetime.fromtimestamp(committed, UTC)


def with_schema(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows in the types that the queries expect; times with a zone become naive UTC."""
    return rows.select(schema.names).cast(schema)


def connect(tables: dict[str, pa.Table]) -> Any:
    """A DuckDB connection with every source; a table that is not there is an empty one."""
    connection = duckdb.connect(config={"threads": 2})
    for source in SOURCES:
        connection.register(source.name, tables.get(source.name, source.schema.empty_table()))
    return connection


def quarantined(s3: Any, settings: Settings) -> int:
    """How many deliveries lie under quarantine/ in bronze, counted by listing."""
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=settings.resources.bronze_bucket, Prefix="quarantine/"
    )
    try:
        return sum(page["KeyCount"] for page in pages)
    except UNREACHABLE as error:
        raise StackDownError(settings.endpoint_url) from error
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            raise NotDeployedError(settings.resources.bronze_bucket) from error
        raise


def as_of(committed: dict[str, datetime]) -> str:
    """When gold changed last; silver may be newer, where a run ended before gold."""
    gold = [committed[source.name] for source in SOURCES if source.layer == "gold"]
    return f"{max(gold):%-d %b %Y, %H:%M:%S} UTC"


def _version(settings: Settings, source: Source) -> Version | None:
    try:
        table = DeltaTable(
            _uri(settings, source), storage_options=settings.storage_options, without_files=True
        )
    except TableNotFoundError:
        return None
    return Version(source.name, str(table.metadata().id), table.version())


def _uri(settings: Settings, source: Source) -> str:
    names = settings.resources
    bucket = names.gold_bucket if source.layer == "gold" else names.silver_bucket
    return f"s3://{bucket}/{source.name}"
