"""Crawlers on the live edge: what stands in S3 is what the Data Catalog tells afterwards."""

from __future__ import annotations

import datetime as dt
import io
import time
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
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


@pytest.fixture
def lake(edge: Any) -> Iterator[Lake]:
    lake = Lake(edge)
    yield lake
    for name in lake.crawlers:
        lake.ended(name)
        lake.glue.delete_crawler(Name=name)


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_delta_table_is_cataloged_from_its_log_as_athena_wants_it(lake: Lake) -> None:
    lake.write_delta("silver/Fact-Bookings", BOOKINGS, partition_by=["event_date"])
    crawler = lake.crawler(lake.delta("silver/Fact-Bookings"))

    last = lake.crawl(crawler)

    assert last["Status"] == "SUCCEEDED" and "ErrorMessage" not in last
    assert lake.columns("fact_bookings") == BOOKING_COLUMNS
    assert lake.keys("fact_bookings") == [("event_date", "date")]
    table = lake.table("fact_bookings")
    location = f"s3://{lake.name}/silver/Fact-Bookings/"
    storage = table["StorageDescriptor"]
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert storage["Location"] == location
    assert storage["SerdeInfo"]["Parameters"] == {"serialization.format": "1", "path": location}
    told = {name: table["Parameters"][name] for name in ("classification", "table_type")}
    assert told == {"classification": "delta", "table_type": "DELTA"}
    assert table["Parameters"]["spark.sql.sources.provider"] == "delta"
    assert table["Parameters"]["UPDATED_BY_CRAWLER"] == crawler
    assert lake.counts(crawler) == (1, 0, 0)


def test_athena_reads_a_crawled_table_at_its_present_version(edge: Any, lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS, partition_by=["event_date"])
    lake.crawl(lake.crawler(lake.delta("fact")))
    lake.write_delta("fact", BOOKINGS.slice(0, 1), mode="overwrite")
    athena = edge.client("athena")

    query = athena.start_query_execution(
        QueryString=f"SELECT event_date, channel, paid FROM {lake.database}.fact",
        ResultConfiguration={"OutputLocation": f"s3://{lake.name}/results/"},
    )["QueryExecutionId"]
    until(
        lambda: athena.get_query_execution(QueryExecutionId=query)["QueryExecution"],
        lambda found: found["Status"]["State"] == "SUCCEEDED",
    )

    rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    values = [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]
    assert values == [["event_date", "channel", "paid"], ["2026-01-14", "youtube", "1.50"]]


def test_the_log_of_a_crawl_is_in_cloudwatch_with_its_own_prefix(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"))

    last = lake.crawl(crawler)

    assert (last["LogGroup"], last["LogStream"]) == ("/aws-glue/crawlers", crawler)
    prefix = f"[{last['MessagePrefix']}]"
    lines = lake.lines(crawler)
    assert lines[0] == f"{prefix} BENCHMARK : Running Start Crawl for Crawler {crawler}"
    assert f"{prefix} INFO : Created table fact in database {lake.database}" in lines
    assert lines[-1] == f"{prefix} BENCHMARK : Crawler has finished running and is in state READY"


def test_only_a_changed_schema_makes_a_version(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"))
    lake.crawl(crawler)

    lake.write_delta("fact", BOOKINGS, mode="append")
    lake.write_delta("fact", BOOKINGS.slice(0, 1), mode="overwrite")
    lake.crawl(crawler)
    unchanged = lake.versions("fact"), lake.counts(crawler)
    wider = BOOKINGS.append_column("score", pa.array([1.5, 2.5]))
    lake.write_delta("fact", wider, mode="append", schema_mode="merge")
    lake.crawl(crawler)

    assert unchanged == (["0"], (0, 0, 0))
    assert lake.versions("fact") == ["0", "1"]
    assert lake.columns("fact") == [*BOOKING_COLUMNS, ("event_date", "date"), ("score", "double")]
    assert lake.counts(crawler) == (0, 1, 0)


def test_what_people_added_to_a_table_outlives_a_crawl(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"))
    lake.crawl(crawler)
    table = lake.table("fact")
    table["StorageDescriptor"]["Columns"][0]["Comment"] = "of the source"
    names = ("Name", "StorageDescriptor", "PartitionKeys", "TableType")
    own = {name: table[name] for name in names}
    own |= {"Description": "Bookings", "Parameters": {**table["Parameters"], "owner": "sales"}}
    lake.glue.update_table(DatabaseName=lake.database, TableInput=own)

    wider = BOOKINGS.append_column("score", pa.array([1.5, 2.5]))
    lake.write_delta("fact", wider, mode="overwrite", schema_mode="overwrite")
    lake.crawl(crawler)

    found = lake.table("fact")
    assert (found["Description"], found["Parameters"]["owner"]) == ("Bookings", "sales")
    assert found["StorageDescriptor"]["Columns"][0]["Comment"] == "of the source"
    assert ("score", "double") in lake.columns("fact")


def test_a_schema_change_is_only_told_where_the_policy_says_log(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    policy = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
    crawler = lake.crawler(lake.delta("fact"), SchemaChangePolicy=policy)
    lake.crawl(crawler)

    lake.write_delta("fact", BOOKINGS.select(["hour"]), mode="overwrite", schema_mode="overwrite")
    last = lake.crawl(crawler)

    assert last["Status"] == "SUCCEEDED"
    assert lake.versions("fact") == ["0"]
    assert len(lake.columns("fact")) == 7
    assert any(
        "Table fact" in line and "has another schema" in line for line in lake.lines(crawler)
    )


@pytest.mark.parametrize(
    ("behavior", "left", "counts"),
    [
        ("DELETE_FROM_DATABASE", [], (0, 0, 1)),
        ("DEPRECATE_IN_DATABASE", ["fact"], (0, 1, 0)),
        ("LOG", ["fact"], (0, 0, 0)),
    ],
)
def test_a_table_whose_data_are_gone_is_treated_as_the_policy_says(
    lake: Lake, behavior: str, left: list[str], counts: tuple[int, int, int]
) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"), SchemaChangePolicy={"DeleteBehavior": behavior})
    lake.crawl(crawler)

    lake.remove("fact/")
    last = lake.crawl(crawler)

    assert last["Status"] == "SUCCEEDED"
    assert lake.tables() == left
    assert lake.counts(crawler) == counts
    deprecated = left and "DEPRECATED_BY_CRAWLER" in lake.table("fact")["Parameters"]
    assert bool(deprecated) == (behavior == "DEPRECATE_IN_DATABASE")


def test_a_table_that_is_back_is_no_longer_deprecated(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"))
    lake.crawl(crawler)
    lake.remove("fact/")
    lake.crawl(crawler)

    lake.write_delta("fact", BOOKINGS)
    lake.crawl(crawler)

    assert "DEPRECATED_BY_CRAWLER" not in lake.table("fact")["Parameters"]
    assert lake.versions("fact") == ["0", "1", "2"]


def test_a_target_that_never_was_fails_the_crawl_and_the_other_is_cataloged(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("missing", "fact"))

    last = lake.crawl(crawler)

    message = f"The S3 location: s3://{lake.name}/missing/ does not exist or holds no table."
    assert (last["Status"], last["ErrorMessage"]) == ("FAILED", message)
    assert lake.tables() == ["fact"]
    assert f"[{last['MessagePrefix']}] ERROR : {message}" in lake.lines(crawler)


def test_a_log_that_cannot_be_read_fails_the_crawl_and_leaves_the_table(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    policy = {"DeleteBehavior": "DELETE_FROM_DATABASE"}
    crawler = lake.crawler(lake.delta("fact"), SchemaChangePolicy=policy)
    lake.crawl(crawler)

    lake.put("fact/_delta_log/00000000000000000001.json", b'{"cut off')
    last = lake.crawl(crawler)

    assert last["Status"] == "FAILED"
    assert f"The Delta log at s3://{lake.name}/fact/ cannot be read" in last["ErrorMessage"]
    assert lake.tables() == ["fact"]


def test_a_database_that_is_not_there_fails_the_crawl(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"), DatabaseName="nowhere")

    last = lake.crawl(crawler)

    assert last["Status"] == "FAILED"
    assert "EntityNotFoundException" in last["ErrorMessage"]


def test_tables_of_one_name_get_the_hash_of_their_path(lake: Lake) -> None:
    lake.write_delta("one/fact", BOOKINGS)
    lake.write_delta("two/fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("one/fact", "two/fact"), TablePrefix="Raw_")

    lake.crawl(crawler)
    lake.crawl(crawler)

    plain, hashed = lake.tables()
    assert plain == "raw_fact"
    assert hashed.startswith("raw_fact_") and len(hashed) == len("raw_fact_") + 32
    locations = [lake.table(name)["StorageDescriptor"]["Location"] for name in (plain, hashed)]
    assert locations == [f"s3://{lake.name}/one/fact/", f"s3://{lake.name}/two/fact/"]


def test_json_in_dated_folders_is_one_table_with_a_partition_for_each(lake: Lake) -> None:
    first = b'{"id": 1, "data": {"tags": ["x"]}, "spend": 1}'
    later = b'{"id": 5000000000, "data": null, "spend": 1}\n{"spend": 1.5}'
    lake.put("events/event_date=2026-01-14/a.json", first)
    lake.put("events/event_date=2026-01-15/b.json", later)
    lake.put("events/_SUCCESS", b"not crawled")
    crawler = lake.crawler(lake.s3_target("events/"))

    last = lake.crawl(crawler)

    assert last["Status"] == "SUCCEEDED"
    assert lake.columns("events") == [
        ("id", "bigint"),
        ("data", "struct<tags:array<string>>"),
        ("spend", "double"),
    ]
    assert lake.keys("events") == [("event_date", "string")]
    root = f"s3://{lake.name}/events/"
    assert lake.partitions("events") == {
        ("2026-01-14",): f"{root}event_date=2026-01-14/",
        ("2026-01-15",): f"{root}event_date=2026-01-15/",
    }
    serde = lake.table("events")["StorageDescriptor"]["SerdeInfo"]
    assert serde == {"SerializationLibrary": JSON_SERDE, "Parameters": {"paths": "data,id,spend"}}


def test_new_partitions_are_added_and_vanished_ones_removed(lake: Lake) -> None:
    policy = {"DeleteBehavior": "DELETE_FROM_DATABASE"}
    for day in (14, 15):
        lake.put(f"events/day={day}/a.json", b'{"id": 1}')
    crawler = lake.crawler(lake.s3_target("events"), SchemaChangePolicy=policy)
    lake.crawl(crawler)

    lake.remove("events/day=14/")
    lake.put("events/day=16/a.json", b'{"id": 1}')
    lake.crawl(crawler)

    assert sorted(lake.partitions("events")) == [("15",), ("16",)]
    assert lake.versions("events") == ["0"]
    newest = lake.glue.list_crawls(CrawlerName=crawler)["Crawls"][0]
    assert newest["Summary"] == '{"PARTITION": {"ADD": {"Count": 1}, "DELETE": {"Count": 1}}}'


def test_a_csv_files_header_names_the_columns(lake: Lake) -> None:
    lake.put("spend/a.csv", b"Day;Channel;Spend\n2026-01-14;youtube;1.5\n2026-01-15;tiktok;2\n")
    crawler = lake.crawler(lake.s3_target("spend/"))

    lake.crawl(crawler)

    assert lake.columns("spend") == [("day", "string"), ("channel", "string"), ("spend", "double")]
    table = lake.table("spend")
    assert table["Parameters"]["skip.header.line.count"] == "1"
    assert table["Parameters"]["classification"] == "csv"
    assert table["StorageDescriptor"]["SerdeInfo"]["Parameters"] == {"field.delim": ";"}


def test_parquet_is_cataloged_by_its_footer(lake: Lake) -> None:
    buffer = io.BytesIO()
    pq.write_table(BOOKINGS, buffer)
    lake.put("parts/month=1/a.parquet", buffer.getvalue())
    crawler = lake.crawler(lake.s3_target("parts/"))

    lake.crawl(crawler)

    assert lake.columns("parts") == [*BOOKING_COLUMNS, ("event_date", "date")]
    assert lake.keys("parts") == [("month", "string")]
    serde = lake.table("parts")["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]
    assert serde == PARQUET_SERDE


def test_unlike_folders_are_tables_of_their_own_and_exclusions_are_left_out(lake: Lake) -> None:
    lake.put("raw/users/a.json", b'{"name": "a", "age": 3}')
    lake.put("raw/orders/a.csv", b"id,total\n1,2.5\n")
    lake.put("raw/secret/a.json", b'{"key": "x"}')
    target = lake.s3_target("raw/", Exclusions=["secret/**"])
    crawler = lake.crawler(target)

    lake.crawl(crawler)

    assert lake.tables() == ["orders", "users"]
    assert lake.columns("orders") == [("id", "bigint"), ("total", "double")]
    assert lake.columns("users") == [("name", "string"), ("age", "int")]


def test_a_delta_table_below_an_s3_target_is_not_read_as_parquet(lake: Lake) -> None:
    lake.write_delta("raw/fact", BOOKINGS)
    lake.put("raw/users/a.json", b'{"name": "a"}')
    crawler = lake.crawler(lake.s3_target("raw/"))

    lake.crawl(crawler)

    assert lake.tables() == ["users"]
    assert any("raw/fact is a Delta table: skipped" in line for line in lake.lines(crawler))


def test_a_file_of_no_known_format_is_told_and_passed_over(lake: Lake) -> None:
    lake.put("raw/a.json", b'{"name": "a"}')
    lake.put("raw/b.bin", bytes(range(256)))
    crawler = lake.crawler(lake.s3_target("raw/"))

    lake.crawl(crawler)

    assert lake.columns("raw") == [("name", "string")]
    told = f"WARN : s3://{lake.name}/raw/b.bin is of no known format: skipped"
    assert any(line.endswith(told) for line in lake.lines(crawler))


def test_a_partition_whose_files_cannot_be_read_is_not_taken_for_gone(lake: Lake) -> None:
    policy = {"DeleteBehavior": "DELETE_FROM_DATABASE"}
    for day in (14, 15):
        lake.put(f"raw/day={day}/a.json", b'{"id": 1}')
    crawler = lake.crawler(lake.s3_target("raw/"), SchemaChangePolicy=policy)
    lake.crawl(crawler)

    lake.put("raw/day=14/a.json", bytes(range(256)))
    lake.crawl(crawler)

    assert sorted(lake.partitions("raw")) == [("14",), ("15",)]


def test_merging_new_columns_keeps_those_that_are_gone(lake: Lake) -> None:
    configuration = (
        '{"Version": 1.0, "CrawlerOutput": {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}}'
    )
    lake.put("raw/a.json", b'{"name": "a", "age": 3, "city": "b"}')
    crawler = lake.crawler(lake.s3_target("raw/"), Configuration=configuration)
    lake.crawl(crawler)

    lake.put("raw/a.json", b'{"name": "a", "age": "old", "town": "b"}')
    lake.crawl(crawler)

    assert lake.columns("raw") == [
        *(("name", "string"), ("age", "int")),
        *(("city", "string"), ("town", "string")),
    ]


@pytest.fixture
def long_crawl(lake: Lake) -> str:
    """A crawler that has a second or more of work."""
    for number in range(300):
        lake.put(f"many/day={number}/a.json", b'{"id": 1}')
    return lake.crawler(lake.s3_target("many/"))


def test_a_running_crawler_can_only_be_stopped_and_then_writes_nothing(
    lake: Lake, long_crawl: str
) -> None:
    glue, name = lake.glue, long_crawl
    glue.start_crawler(Name=name)
    assert glue.get_crawler(Name=name)["Crawler"]["State"] == "RUNNING"
    for call in (
        lambda: glue.start_crawler(Name=name),
        lambda: glue.update_crawler(Name=name, Description="x"),
        lambda: glue.delete_crawler(Name=name),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == "CrawlerRunningException"

    glue.stop_crawler(Name=name)

    last = lake.ended(name)["LastCrawl"]
    assert last["Status"] == "CANCELLED"
    assert lake.tables() == []
    crawl = glue.list_crawls(CrawlerName=name)["Crawls"][0]
    assert (crawl["State"], crawl["CrawlId"]) == ("STOPPED", last["MessagePrefix"])
    with pytest.raises(ClientError) as error:
        glue.stop_crawler(Name=name)
    assert code(error) == "CrawlerNotRunningException"


def test_a_schedule_starts_the_crawler_at_its_minute(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"), Schedule="cron(* * * * ? *)")

    found = until(
        lambda: lake.glue.get_crawler(Name=crawler)["Crawler"], lambda c: "LastCrawl" in c, 75
    )
    lake.glue.stop_crawler_schedule(CrawlerName=crawler)

    assert found["Schedule"] == {
        "ScheduleExpression": "cron(* * * * ? *)",
        "State": "SCHEDULED",
    }
    assert found["LastCrawl"]["StartTime"].second < 5
    assert lake.tables() == ["fact"]


def test_a_schedule_is_started_stopped_changed_and_taken_away(lake: Lake) -> None:
    glue = lake.glue
    crawler = lake.crawler(lake.delta("fact"))
    daily = "cron(0 2 * * ? *)"

    def failure(call: Callable[..., Any], **settings: Any) -> str:
        with pytest.raises(ClientError) as error:
            call(CrawlerName=crawler, **settings)
        return code(error)

    assert failure(glue.start_crawler_schedule) == "NoScheduleException"
    assert failure(glue.stop_crawler_schedule) == "SchedulerNotRunningException"
    glue.update_crawler_schedule(CrawlerName=crawler, Schedule=daily)
    assert failure(glue.start_crawler_schedule) == "SchedulerRunningException"
    bad = failure(glue.update_crawler_schedule, Schedule="rate(1 minute)")
    assert bad == "InvalidInputException"
    glue.stop_crawler_schedule(CrawlerName=crawler)
    stopped = glue.get_crawler(Name=crawler)["Crawler"]["Schedule"]
    assert stopped == {"ScheduleExpression": daily, "State": "NOT_SCHEDULED"}
    glue.start_crawler_schedule(CrawlerName=crawler)
    glue.update_crawler(Name=crawler, Schedule="")
    assert "Schedule" not in glue.get_crawler(Name=crawler)["Crawler"]


def test_an_update_changes_what_it_names_and_leaves_the_rest(lake: Lake) -> None:
    crawler = lake.crawler(lake.delta("fact"), Description="first", TablePrefix="p_")

    lake.glue.update_crawler(Name=crawler, Description="second")

    found = lake.glue.get_crawler(Name=crawler)["Crawler"]
    assert (found["Description"], found["TablePrefix"], found["Version"]) == ("second", "p_", 2)
    assert found["Targets"] == lake.delta("fact")


def test_crawlers_are_listed_in_pages_by_tag_and_by_name(lake: Lake) -> None:
    tag = {"suite": lake.name}
    names = [lake.crawler(lake.delta("fact"), Tags=tag) for _ in range(3)]

    first = lake.glue.list_crawlers(Tags=tag, MaxResults=2)
    rest = lake.glue.list_crawlers(Tags=tag, MaxResults=2, NextToken=first["NextToken"])
    batch = lake.glue.batch_get_crawlers(CrawlerNames=[names[1], "nobody"])
    pages = lake.glue.get_paginator("get_crawlers").paginate(PaginationConfig={"PageSize": 2})

    assert first["CrawlerNames"] + rest["CrawlerNames"] == names
    assert "NextToken" not in rest
    assert [found["Name"] for found in batch["Crawlers"]] == [names[1]]
    assert batch["CrawlersNotFound"] == ["nobody"]
    listed = [found["Name"] for page in pages for found in page["Crawlers"]]
    assert set(names) <= set(listed) and len(listed) == len(set(listed))
    with pytest.raises(ClientError) as error:
        lake.glue.list_crawlers(NextToken="made up")
    assert code(error) == "InvalidInputException"


def test_crawls_are_listed_newest_first_and_filtered(lake: Lake) -> None:
    lake.write_delta("fact", BOOKINGS)
    crawler = lake.crawler(lake.delta("fact"))
    first, second = (lake.crawl(crawler)["MessagePrefix"] for _ in range(2))

    def ids(**filters: Any) -> list[str]:
        found = lake.glue.list_crawls(CrawlerName=crawler, **filters)["Crawls"]
        return [crawl["CrawlId"] for crawl in found]

    def where(field: str, operator: str, value: str) -> dict[str, Any]:
        rule = {"FieldName": field, "FilterOperator": operator, "FieldValue": value}
        return {"Filters": [rule]}

    assert ids() == [second, first]
    assert ids(MaxResults=1) == [second]
    assert ids(**where("CRAWL_ID", "EQ", first)) == [first]
    assert ids(**where("STATE", "EQ", "FAILED")) == []
    assert ids(**where("START_TIME", "GT", "0")) == [second, first]
    with pytest.raises(ClientError) as error:
        ids(**where("START_TIME", "GT", "yesterday"))
    assert code(error) == "InvalidInputException"


@pytest.mark.parametrize(
    "operation",
    ["get_crawler", "start_crawler", "stop_crawler", "update_crawler", "delete_crawler"],
)
def test_an_unknown_crawler_is_not_found(lake: Lake, operation: str) -> None:
    with pytest.raises(ClientError) as error:
        getattr(lake.glue, operation)(Name="nobody")
    assert code(error) == "EntityNotFoundException"


def test_a_second_crawler_of_a_name_is_refused(lake: Lake) -> None:
    crawler = lake.crawler(lake.delta("fact"))
    with pytest.raises(ClientError) as error:
        lake.glue.create_crawler(Name=crawler, Role=ROLE, DatabaseName="d", Targets=lake.delta("x"))
    assert code(error) == "AlreadyExistsException"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"Targets": {}}, "at least one target"),
        ({"Targets": {"JdbcTargets": [{"ConnectionName": "c"}]}}, "JdbcTargets is not available"),
        ({"Targets": {"DynamoDBTargets": [{"Path": "t"}]}}, "DynamoDBTargets is not available"),
        ({"Targets": {"S3Targets": [{"Path": "/etc/passwd"}]}}, "Expected a path s3://"),
        ({"Targets": {"DeltaTargets": [{"DeltaTables": ["s3://bucket/t"]}]}}, "must be true here"),
        (
            {
                "Targets": {
                    "DeltaTargets": [{"DeltaTables": ["s3://bucket/t"], "WriteManifest": True}]
                }
            },
            "WriteManifest of a target is not available",
        ),
        ({"DatabaseName": ""}, "DatabaseName must name the database"),
        ({"Schedule": "every day"}, "Expected a schedule as cron"),
        ({"Classifiers": ["mine"]}, "Classifiers is not available here"),
        ({"Configuration": "{"}, "Configuration must be JSON"),
        (
            {"Configuration": '{"Grouping": {"TableLevelConfiguration": 2}}'},
            "Grouping.TableLevelConfiguration = 2 is not available here",
        ),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}}, "not available here"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}}, "must be LOG"),
    ],
)
def test_what_cannot_be_crawled_here_is_refused_when_it_is_asked(
    lake: Lake, settings: dict[str, Any], told: str
) -> None:
    definition = {"Targets": lake.delta("fact"), "DatabaseName": lake.database, **settings}
    with pytest.raises(ClientError) as error:
        lake.glue.create_crawler(Name=lake.name, Role=ROLE, **definition)
    assert code(error) == "InvalidInputException"
    assert told in error.value.response["Error"]["Message"]
