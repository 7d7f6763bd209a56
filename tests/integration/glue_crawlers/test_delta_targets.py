"""Crawlers of Delta tables: what stands in their log is what the Data Catalog tells."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tests.support.crawled_lake import BOOKING_COLUMNS, BOOKINGS, Lake, until


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
