"""Crawlers of S3 folders: what their files hold is what the Data Catalog tells."""

from __future__ import annotations

import io

import pyarrow.parquet as pq

from tests.support.crawled_lake import BOOKING_COLUMNS, BOOKINGS, JSON_SERDE, PARQUET_SERDE, Lake


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


def test_folders_of_other_columns_are_one_table_only_where_the_crawler_is_told_so(
    lake: Lake,
) -> None:
    lake.put("unlike/year=2017/a.json", b'{"A": 1, "B": 2}')
    lake.put("unlike/year=2018/b.json", b'{"C": 3, "D": 4}')
    combining = '{"Version": 1.0, "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}'

    lake.crawl(lake.crawler(lake.s3_target("unlike/")))
    lake.crawl(lake.crawler(lake.s3_target("unlike/"), Configuration=combining))

    assert lake.columns("year_2017") == [("a", "int"), ("b", "int")]
    assert lake.columns("year_2018") == [("c", "int"), ("d", "int")]
    assert lake.columns("unlike") == [(name, "int") for name in "abcd"]
    assert lake.keys("unlike") == [("year", "string")]


def test_a_crawler_without_a_database_writes_to_the_one_named_default(lake: Lake) -> None:
    folder = f"d_{lake.name.replace('-', '_')}"
    lake.put(f"{folder}/a.csv", b"order_no,qty\n2024_0001,3\n2024_0002,4\n")
    crawler = lake.crawler(lake.s3_target(f"{folder}/"), DatabaseName="")

    assert lake.crawl(crawler)["Status"] == "SUCCEEDED"

    table = lake.glue.get_table(DatabaseName="default", Name=folder)["Table"]
    kinds = [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]]
    assert kinds == [("order_no", "string"), ("qty", "bigint")]
    assert table["Owner"] == "owner"
    assert abs((table["LastAccessTime"] - table["CreateTime"]).total_seconds()) < 2
    lake.glue.delete_table(DatabaseName="default", Name=folder)


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
