"""A database with one Delta table, overwritten twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from tests.support.queries import BUCKET, Queries, storage_options


@pytest.fixture(scope="session")
def athena(edge: Any) -> Iterator[Queries]:
    """A database with one partitioned Delta table, overwritten twice."""
    edge.client("s3").create_bucket(Bucket=BUCKET)
    spend = pa.table(
        {
            "channel": ["youtube", "facebook", "tiktok", "youtube"],
            "amount": [381.76, 473.8, 1e7, 0.0005],
            "at": [dt.datetime(2026, 1, 14, 10, 30, 0, 123000, dt.UTC)] * 4,
            "padding": [uuid.uuid4().hex * 40 for _ in range(4)],
            "day": [dt.date(2026, 1, 14), dt.date(2026, 1, 14), dt.date(2026, 1, 15), None],
        }
    )
    for _ in range(2):
        write_deltalake(
            f"s3://{BUCKET}/spend",
            spend,
            mode="overwrite",
            partition_by=["day"],
            storage_options=storage_options(edge),
        )
    queries = Queries(edge, "athena_db")
    queries.run("CREATE DATABASE athena_db")
    queries.run(
        f"CREATE EXTERNAL TABLE spend LOCATION 's3://{BUCKET}/spend'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )
    yield queries
    queries.run("DROP DATABASE athena_db CASCADE")
