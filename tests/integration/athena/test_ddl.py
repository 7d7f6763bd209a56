"""Athena's statements on the live edge: databases, tables of each format, partitions, views."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from deltalake import write_deltalake

from tests.support.queries import Queries, storage_options

BUCKET = "athena-ddl"
CSV = b'id,name\n1,"a,b"\n2,c\n'
NAMES = ["ingestion_time", "source", *(f"data_{n}" for n in range(66))]


@pytest.fixture(scope="module")
def athena(edge: Any) -> Iterator[Queries]:
    edge.client("s3").create_bucket(Bucket=BUCKET)
    queries = Queries(edge, "ddl_db")
    queries.run("CREATE DATABASE IF NOT EXISTS ddl_db COMMENT 'of a test'")
    yield queries
    queries.run("DROP DATABASE ddl_db CASCADE")


@pytest.fixture
def put(edge: Any) -> Any:
    s3 = edge.client("s3")
    return lambda key, body: s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def files(athena: Queries, location: str) -> list[str]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    found = athena.edge.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
    return [one["Key"] for one in found.get("Contents", [])]


def test_a_delta_table_takes_its_columns_from_the_log_and_no_other_property(
    athena: Queries, edge: Any
) -> None:
    events = pa.table({**{name: ["x"] for name in NAMES}, "event_date": ["2026-01-14"]})
    write_deltalake(
        f"s3://{BUCKET}/fact_events",
        events,
        partition_by=["event_date"],
        storage_options=storage_options(edge),
    )
    clause = f"EXTERNAL TABLE fact_events LOCATION 's3://{BUCKET}/fact_events/' TBLPROPERTIES"
    athena.run(f"CREATE {clause} ('table_type'='DELTA')")

    count = (
        "SELECT COUNT(*) FROM information_schema.columns"
        " WHERE table_schema='ddl_db' AND table_name='fact_events'"
    )
    assert athena.rows(count) == [["_col0"], ["69"]]
    described = [row[0] for row in athena.rows("DESCRIBE ddl_db.fact_events")]
    padded = "event_date          \tstring              \t                    "
    assert described[0] == "ingestion_time      \tstring              \t                    "
    assert described[-6:] == [
        padded,
        "\t \t ",
        "# Partition Information\t \t ",
        "# col_name          \tdata_type           \tcomment             ",
        "\t \t ",
        padded,
    ]
    assert athena.rows("SHOW PARTITIONS fact_events") == [["event_date=2026-01-14"]]
    assert athena.rows("SHOW CREATE TABLE fact_events") == [
        ["CREATE EXTERNAL TABLE `ddl_db.fact_events`"],
        ["LOCATION"],
        [f"  's3://{BUCKET}/fact_events/'"],
        ["TBLPROPERTIES ("],
        ["  'table_type'='DELTA')"],
    ]
    assert "no columns" in athena.fails(
        f"CREATE {clause.replace('fact_events LOC', 'other LOC')}"
        " ('table_type'='DELTA', 'has_encrypted_data'='false')"
    ).replace("without columns", "no columns")
    assert "found no Delta log" in athena.fails(
        f"CREATE EXTERNAL TABLE none LOCATION 's3://{BUCKET}/none/'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )


def test_quoted_csv_is_read_with_its_header_skipped(athena: Queries, put: Any) -> None:
    put("csv/a.csv", CSV)
    athena.run(
        "CREATE EXTERNAL TABLE quoted (id int, name string)"
        " ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"
        f" LOCATION 's3://{BUCKET}/csv/' TBLPROPERTIES ('skip.header.line.count'='1')"
    )
    assert athena.rows("SELECT * FROM quoted ORDER BY id") == [
        ["id", "name"],
        ["1", "a,b"],
        ["2", "c"],
    ]


def test_delimited_text_has_null_for_what_is_not_of_its_type_and_partitions_are_repaired(
    athena: Queries, put: Any
) -> None:
    put("text/p=1/a.txt", b"1|x|2026-01-14\nbad|\\N|bad\n")
    put("text/p=2/a.txt", b"3|y|2026-01-16\n")
    athena.run(
        "CREATE EXTERNAL TABLE delimited (id int, name string, day date) PARTITIONED BY (p int)"
        f" ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' LOCATION 's3://{BUCKET}/text/'"
    )
    assert athena.rows("SELECT * FROM delimited") == [["id", "name", "day", "p"]]
    repaired = [row[0] for row in athena.rows("MSCK REPAIR TABLE delimited")]
    assert repaired[1:] == [
        "Repair: Added partition to metastore delimited:p=1",
        "Repair: Added partition to metastore delimited:p=2",
    ]
    assert athena.rows("SELECT * FROM delimited ORDER BY p, id") == [
        ["id", "name", "day", "p"],
        ["1", "x", "2026-01-14", "1"],
        [None, None, None, "1"],
        ["3", "y", "2026-01-16", "2"],
    ]
    athena.run("ALTER TABLE delimited DROP PARTITION (p='1')")
    assert athena.rows("SHOW PARTITIONS delimited") == [["p=2"]]
    athena.run(f"ALTER TABLE delimited ADD PARTITION (p='7') LOCATION 's3://{BUCKET}/text/p=1/'")
    assert athena.rows("SELECT p, count(*) AS n FROM delimited GROUP BY 1 ORDER BY 1")[1:] == [
        ["2", "1"],
        ["7", "2"],
    ]


def test_json_lines_are_read_without_case_and_compressed(athena: Queries, put: Any) -> None:
    lines = b'{"Id": 1, "tags": ["a", "b"], "inner": {"Key": 2}}\n{"id": 2}\n'
    put("json/a.json.gz", gzip.compress(lines))
    athena.run(
        "CREATE EXTERNAL TABLE lines (id bigint, tags array<string>, inner struct<key:int>)"
        " ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
        f" LOCATION 's3://{BUCKET}/json/'"
    )
    assert athena.rows('SELECT id, tags, "inner".key, "inner" FROM lines ORDER BY id') == [
        ["id", "tags", "key", "inner"],
        ["1", "[a, b]", "2", "{key=2}"],
        ["2", None, None, None],
    ]
    put("json/b.json", b"no json\n")
    assert athena.fails("SELECT * FROM lines").startswith("HIVE_CURSOR_ERROR: Row 1 of s3://")


def test_a_query_makes_a_partitioned_table_and_another_adds_to_it(athena: Queries) -> None:
    made = athena.run(
        f"CREATE TABLE made WITH (format='PARQUET', external_location='s3://{BUCKET}/made/',"
        " partitioned_by=ARRAY['day']) AS SELECT * FROM (VALUES ('a', 1.5e0, DATE '2026-01-14'),"
        " ('b', 2.5e0, DATE '2026-01-15')) AS t(name, amount, day)"
    )
    added = athena.run("INSERT INTO made SELECT 'c', 3.5e0, DATE '2026-01-15'")

    manifest = athena.file(made["Statistics"]["DataManifestLocation"]).decode().split()
    assert sorted(name.removeprefix(f"s3://{BUCKET}/") for name in manifest) == sorted(
        key for key in files(athena, f"s3://{BUCKET}/made/") if added["QueryExecutionId"] not in key
    )
    assert athena.results(made["QueryExecutionId"])["UpdateCount"] == 2
    assert athena.rows("SHOW PARTITIONS made") == [["day=2026-01-14"], ["day=2026-01-15"]]
    assert athena.rows("SELECT day, count(*) AS n FROM made GROUP BY 1 ORDER BY 1")[1:] == [
        ["2026-01-14", "1"],
        ["2026-01-15", "2"],
    ]
    athena.run("CREATE TABLE told COMMENT 'the first of it' AS SELECT 1 AS a")
    place = {"CatalogName": "AwsDataCatalog", "DatabaseName": "ddl_db", "TableName": "told"}
    told = athena.client.get_table_metadata(**place)["TableMetadata"]["Parameters"]
    assert told["comment"] == "the first of it"
    assert athena.fails("CREATE TABLE made AS SELECT 1 AS a").startswith("TABLE_ALREADY_EXISTS")
    assert athena.fails("INSERT INTO made SELECT 1, 2").startswith("TYPE_MISMATCH: Insert query")
    assert athena.fails("CREATE TABLE unnamed AS SELECT 1").startswith("MISSING_COLUMN_NAME")
    assert athena.fails(
        f"CREATE TABLE again WITH (external_location='s3://{BUCKET}/made/') AS SELECT 1 AS a"
    ).startswith("HIVE_PATH_ALREADY_EXISTS")


@pytest.mark.parametrize("style", ["PARQUET", "JSON", "TEXTFILE"])
def test_a_table_in_each_format_gives_back_what_was_put_in(athena: Queries, style: str) -> None:
    name = f"kept_{style.lower()}"
    athena.run(
        f"CREATE TABLE {name} WITH (format='{style}') AS SELECT 1 AS i, 'x' AS s,"
        " CAST(NULL AS varchar) AS n, DATE '2026-01-14' AS d, DECIMAL '1.50' AS m,"
        " TIMESTAMP '2026-01-14 10:00:00.123' AS t, true AS b"
    )
    assert athena.rows(f"SELECT * FROM {name}") == [
        ["i", "s", "n", "d", "m", "t", "b"],
        ["1", "x", None, "2026-01-14", "1.50", "2026-01-14 10:00:00.123", "true"],
    ]


def test_unload_writes_files_that_others_can_read(athena: Queries, edge: Any) -> None:
    athena.run(
        f"UNLOAD (SELECT 1 AS a, 'x' AS b) TO 's3://{BUCKET}/unloaded/'"
        " WITH (format='PARQUET', compression='SNAPPY')"
    )
    [key] = files(athena, f"s3://{BUCKET}/unloaded/")
    body = athena.file(f"s3://{BUCKET}/{key}")
    assert parquet.read_table(pa.BufferReader(body)).to_pylist() == [{"a": 1, "b": "x"}]
    assert athena.fails(
        f"UNLOAD (SELECT 1 AS a) TO 's3://{BUCKET}/unloaded/' WITH (format='PARQUET')"
    ).startswith("HIVE_PATH_ALREADY_EXISTS")


def test_a_view_is_read_shown_replaced_and_dropped(athena: Queries) -> None:
    athena.run("CREATE VIEW numbers AS SELECT 1 AS one")
    assert athena.rows("SELECT * FROM numbers") == [["one"], ["1"]]
    athena.run("CREATE OR REPLACE VIEW numbers AS SELECT 2 AS two, 'x' AS x")
    assert athena.rows("SELECT two + 1 AS three, x FROM numbers") == [["three", "x"], ["3", "x"]]
    assert athena.rows("SHOW VIEWS") == [["numbers"]]
    assert athena.rows("SHOW COLUMNS IN numbers") == [["two".ljust(20)], ["x".ljust(20)]]
    assert athena.rows("SHOW CREATE VIEW numbers")[1] == ["SELECT 2 AS two, 'x' AS x"]
    athena.run("DROP VIEW numbers")
    assert athena.fails("SELECT * FROM numbers").startswith("TABLE_NOT_FOUND: line 1:15")


def test_a_statement_without_rows_leaves_an_empty_text_file(athena: Queries) -> None:
    execution = athena.run("CREATE DATABASE IF NOT EXISTS ddl_db")
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location.endswith(f"{execution['QueryExecutionId']}.txt")
    assert athena.file(location) == b""
    assert execution["StatementType"] == "DDL"
    assert athena.results(execution["QueryExecutionId"])["ResultSet"] == {
        "Rows": [],
        "ResultSetMetadata": {"ColumnInfo": []},
    }


def test_explain_shows_the_plan_without_reading(athena: Queries) -> None:
    execution = athena.run("EXPLAIN SELECT 1 AS a")
    rows = athena.results(execution["QueryExecutionId"])["ResultSet"]["Rows"]
    assert rows[0] == {"Data": [{"VarCharValue": "Query Plan"}]}
    assert "Projection" in " ".join(row["Data"][0]["VarCharValue"] for row in rows)
    assert execution["StatementType"] == "UTILITY"


def test_databases_and_tables_are_dropped_and_unknown_ones_told(athena: Queries) -> None:
    athena.run("CREATE DATABASE fleeting")
    assert ["fleeting"] in athena.rows("SHOW DATABASES LIKE 'fleet*'")
    assert "already exists" in athena.fails("CREATE DATABASE fleeting")
    athena.run("CREATE TABLE fleeting.t AS SELECT 1 AS a")
    assert "Use CASCADE" in athena.fails("DROP DATABASE fleeting")
    athena.run("DROP TABLE fleeting.t")
    athena.run("DROP TABLE IF EXISTS fleeting.t")
    assert athena.fails("DROP TABLE fleeting.t").startswith("TABLE_NOT_FOUND")
    athena.run("DROP DATABASE fleeting")
    assert athena.fails("SHOW TABLES IN fleeting").startswith("SCHEMA_NOT_FOUND")


def test_athenas_calls_list_the_database_default_as_its_sql_does(athena: Queries) -> None:
    client, catalog = athena.client, {"CatalogName": "AwsDataCatalog"}
    pages = client.get_paginator("list_databases").paginate(**catalog)

    assert [one["Name"] for p in pages for one in p["DatabaseList"]].count("default") == 1
    assert ["default"] in athena.rows("SHOW DATABASES")
    found = client.get_database(**catalog, DatabaseName="default")["Database"]
    assert found["Name"] == "default"
    assert isinstance(client.list_table_metadata(**catalog, DatabaseName="default"), dict)


def test_the_catalog_is_read_through_athenas_own_calls(athena: Queries) -> None:
    athena.run("CREATE TABLE IF NOT EXISTS listed AS SELECT 1 AS a, 'x' AS b")
    client = athena.client
    catalog = {"CatalogName": "AwsDataCatalog", "DatabaseName": "ddl_db"}
    table = client.get_table_metadata(**catalog, TableName="listed")["TableMetadata"]
    names = client.list_table_metadata(**catalog, Expression="lis.*")["TableMetadataList"]

    assert [(one["Name"], one["Type"]) for one in table["Columns"]] == [
        ("a", "int"),
        ("b", "varchar(1)"),
    ]
    assert [one["Name"] for one in names] == ["listed"]
    assert client.get_database(**catalog)["Database"]["Name"] == "ddl_db"
    assert client.list_data_catalogs()["DataCatalogsSummary"] == [
        {"CatalogName": "AwsDataCatalog", "Type": "GLUE"}
    ]
    with pytest.raises(client.exceptions.MetadataException):
        client.get_table_metadata(**catalog, TableName="unknown")
    with pytest.raises(client.exceptions.InvalidRequestException):
        client.list_databases(CatalogName="other")
