"""A bucket, a database and crawlers of a test's own."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

ROLE = "arn:aws:iam::000000000000:role/crawler"
JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe"
PARQUET_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
BOOKINGS = pa.table(
    {
        "booking_id": pa.array([1, 2], pa.int64()),
        "Channel": pa.array(["youtube", None]),
        "paid": pa.array([Decimal("1.50"), Decimal("2.25")], pa.decimal128(10, 2)),
        "booked_at": pa.array([dt.datetime(2026, 1, 14, 9)] * 2, pa.timestamp("us", "UTC")),
        "guests": pa.array([[{"email": "a@example.com"}], []]),
        "hour": pa.array([9, 10], pa.int32()),
        "event_date": pa.array([dt.date(2026, 1, 14), dt.date(2026, 1, 15)]),
    }
)
BOOKING_COLUMNS = [
    ("booking_id", "bigint"),
    ("channel", "string"),
    ("paid", "decimal(10,2)"),
    ("booked_at", "timestamp"),
    ("guests", "array<struct<email:string>>"),
    ("hour", "int"),
]


class Lake:
    """A bucket and a database of a test's own, and the crawlers that it makes."""

    def __init__(self, edge: Any) -> None:
        self.name = f"crawl-{uuid.uuid4().hex[:8]}"
        self.database = self.name.replace("-", "_")
        self.glue, self.s3, self.logs = (edge.client(name) for name in ("glue", "s3", "logs"))
        self._url = edge.url
        self.crawlers: list[str] = []
        self.s3.create_bucket(Bucket=self.name)
        self.glue.create_database(DatabaseInput={"Name": self.database})

    def write_delta(self, folder: str, rows: pa.Table, **options: Any) -> None:
        storage = {
            "AWS_ENDPOINT_URL": self._url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }
        write_deltalake(f"s3://{self.name}/{folder}", rows, storage_options=storage, **options)

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body)

    def remove(self, prefix: str) -> None:
        found = self.s3.list_objects_v2(Bucket=self.name, Prefix=prefix).get("Contents", [])
        for entry in found:
            self.s3.delete_object(Bucket=self.name, Key=entry["Key"])

    def delta(self, *folders: str) -> dict[str, Any]:
        paths = [f"s3://{self.name}/{folder}/" for folder in folders]
        return {"DeltaTargets": [{"DeltaTables": paths, "CreateNativeDeltaTable": True}]}

    def s3_target(self, folder: str, **settings: Any) -> dict[str, Any]:
        return {"S3Targets": [{"Path": f"s3://{self.name}/{folder}", **settings}]}

    def crawler(self, targets: dict[str, Any], **settings: Any) -> str:
        name = f"{self.name}-{len(self.crawlers)}"
        self.glue.create_crawler(
            **{
                "Name": name,
                "Role": ROLE,
                "DatabaseName": self.database,
                "Targets": targets,
                **settings,
            }
        )
        self.crawlers.append(name)
        return name

    def ended(self, crawler: str) -> dict[str, Any]:
        return until(
            lambda: self.glue.get_crawler(Name=crawler)["Crawler"],
            lambda found: found["State"] == "READY",
        )

    def crawl(self, crawler: str) -> dict[str, Any]:
        """The crawl that it makes, once it has ended, as LastCrawl."""
        self.glue.start_crawler(Name=crawler)
        return self.ended(crawler)["LastCrawl"]

    def counts(self, crawler: str) -> tuple[int, int, int]:
        found = self.glue.get_crawler_metrics(CrawlerNameList=[crawler])["CrawlerMetricsList"][0]
        return found["TablesCreated"], found["TablesUpdated"], found["TablesDeleted"]

    def table(self, name: str) -> dict[str, Any]:
        return self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]

    def tables(self) -> list[str]:
        found = self.glue.get_tables(DatabaseName=self.database)["TableList"]
        return [table["Name"] for table in found]

    def columns(self, name: str) -> list[tuple[str, str]]:
        columns = self.table(name)["StorageDescriptor"]["Columns"]
        return [(column["Name"], column["Type"]) for column in columns]

    def keys(self, name: str) -> list[tuple[str, str]]:
        return [(key["Name"], key["Type"]) for key in self.table(name)["PartitionKeys"]]

    def versions(self, name: str) -> list[str]:
        found = self.glue.get_table_versions(DatabaseName=self.database, TableName=name)
        return sorted(version["VersionId"] for version in found["TableVersions"])

    def partitions(self, name: str) -> dict[tuple[str, ...], str]:
        found = self.glue.get_partitions(DatabaseName=self.database, TableName=name)["Partitions"]
        return {tuple(p["Values"]): p["StorageDescriptor"]["Location"] for p in found}

    def lines(self, crawler: str) -> list[str]:
        found = self.logs.get_log_events(
            logGroupName="/aws-glue/crawlers", logStreamName=crawler, startFromHead=True
        )
        return [event["message"] for event in found["events"]]


def until(
    read: Callable[[], Any], holds: Callable[[Any], bool], seconds: float = 60
) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while not holds(found := read()):
        assert time.monotonic() < deadline, f"not so within {seconds} s: {found}"
        time.sleep(0.05)
    return found
