"""Tables that change: columns, places, partitions; and what is known of each row's file."""

from __future__ import annotations

import uuid
from typing import Any

import pyarrow as pa
import pytest

from tests.support.delta_logs import as_parquet
from tests.support.queries import BUCKET, Queries

COMMAS = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"


@pytest.fixture
def put(edge: Any) -> Any:
    s3 = edge.client("s3")
    return lambda key, body: s3.put_object(Bucket=BUCKET, Key=key, Body=body)


@pytest.fixture
def name() -> str:
    return f"t{uuid.uuid4().hex[:8]}"


def test_columns_are_added_and_replaced(athena: Queries, put: Any, name: str) -> None:
    put(f"{name}/a.csv", b"1,2,3\n")
    athena.run(f"CREATE EXTERNAL TABLE {name} (a int) {COMMAS} LOCATION 's3://{BUCKET}/{name}'")
    athena.run(f"ALTER TABLE {name} ADD COLUMNS (b int COMMENT 'second', c string)")
    assert athena.rows(f"SELECT * FROM {name}") == [["a", "b", "c"], ["1", "2", "3"]]
    assert "Duplicate column name: b" in athena.fails(f"ALTER TABLE {name} ADD COLUMNS (b int)")
    athena.run(f"ALTER TABLE {name} REPLACE COLUMNS (x string, y bigint)")
    assert athena.rows(f"SELECT * FROM {name}") == [["x", "y"], ["1", "2"]]


def test_a_table_and_a_partition_move_and_a_partition_gets_another_value(
    athena: Queries, put: Any, name: str
) -> None:
    put(f"{name}/p=1/a.csv", b"1\n")
    put(f"{name}-new/a.csv", b"2\n")
    athena.run(
        f"CREATE EXTERNAL TABLE {name} (v int) PARTITIONED BY (p string) {COMMAS}"
        f" LOCATION 's3://{BUCKET}/{name}/'"
    )
    athena.run(f"MSCK REPAIR TABLE {name}")
    athena.run(f"ALTER TABLE {name} PARTITION (p='1') RENAME TO PARTITION (p='a/b')")
    assert athena.rows(f"SELECT p, v FROM {name}")[1:] == [["a/b", "1"]]
    assert athena.rows(f"SHOW PARTITIONS {name}") == [["p=a%2Fb"]]
    place = f"SET LOCATION 's3://{BUCKET}/{name}-new/'"
    athena.run(f"ALTER TABLE {name} PARTITION (p='a/b') {place}")
    assert athena.rows(f"SELECT p, v FROM {name}")[1:] == [["a/b", "2"]]
    athena.run(f"ALTER TABLE {name} {place}")
    shown = [row[0] for row in athena.rows(f"SHOW CREATE TABLE {name}")]
    assert f"  's3://{BUCKET}/{name}-new/'" in shown


def test_the_file_of_a_row_and_the_partitions_are_asked_by_hidden_names(
    athena: Queries, put: Any, name: str
) -> None:
    put(f"{name}/p=1/a.csv", b"7\n")
    put(f"{name}/p=__HIVE_DEFAULT_PARTITION__/b.csv", b"8\n")
    athena.run(
        f"CREATE EXTERNAL TABLE {name} (v int) PARTITIONED BY (p int) {COMMAS}"
        f" LOCATION 's3://{BUCKET}/{name}/'"
    )
    athena.run(f"MSCK REPAIR TABLE {name}")
    path = f"s3://{BUCKET}/{name}/p=1/a.csv"
    assert athena.rows(f'SELECT "$path", "$file_size", v FROM {name} WHERE p = 1')[1:] == [
        [path, "2", "7"]
    ]
    assert athena.rows(f"""SELECT v FROM {name} WHERE "$path" = '{path}'""")[1:] == [["7"]]
    assert athena.rows(f"SELECT * FROM {name} ORDER BY v") == [
        ["v", "p"],
        ["7", "1"],
        ["8", None],
    ]
    assert athena.rows(f'SELECT * FROM "{name}$partitions" ORDER BY p') == [["p"], ["1"], [None]]


@pytest.mark.parametrize("place", ["s3://", "s3:///x/", "file:///etc/", "/etc", "https://b/x/"])
def test_a_table_lies_in_a_bucket_and_nowhere_else(athena: Queries, name: str, place: str) -> None:
    create = f"CREATE EXTERNAL TABLE {name} (a int) {COMMAS} LOCATION '{place}'"
    assert "Expected a location s3://bucket/folder/" in athena.fails(create)
    table = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {
            "Columns": [{"Name": "a", "Type": "string"}],
            "Location": place,
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
            },
        },
    }
    athena.edge.client("glue").create_table(DatabaseName=athena.database, TableInput=table)
    assert "Expected a location s3://bucket/folder/" in athena.fails(f"SELECT * FROM {name}")


def test_a_folder_is_no_prefix_and_hidden_files_are_no_data(
    athena: Queries, put: Any, name: str
) -> None:
    for key in (f"{name}/a.csv", f"{name}2/b.csv", f"{name}/_c.csv", f"{name}/.d/e.csv"):
        put(key, b"1\n")
    athena.run(f"CREATE EXTERNAL TABLE {name} (a int) {COMMAS} LOCATION 's3://{BUCKET}/{name}'")
    assert athena.rows(f"SELECT count(*) FROM {name}")[1] == ["1"]


def test_parquet_is_read_in_the_types_of_its_table(athena: Queries, put: Any, name: str) -> None:
    inner = pa.struct([("Name", pa.string()), ("extra", pa.int64())])
    schema = pa.schema(
        [
            ("I", pa.int32()),
            ("s", inner),
            ("l", pa.list_(inner)),
            ("t", pa.timestamp("ns")),
            ("f", pa.float32()),
            ("text", pa.string_view()),
        ]
    )
    row = {"I": 1, "s": {"Name": "a"}, "l": [{"Name": "b"}], "t": 1_600_000, "f": 0.5, "text": "x"}
    put(f"{name}/a.parquet", as_parquet(pa.Table.from_pylist([row], schema)))
    put(f"{name}/b.parquet", as_parquet(pa.table({"i": pa.array([2], pa.int64())})))
    put(f"{name}/c.parquet", as_parquet(pa.table({"i": pa.array([], pa.int64())})))
    athena.run(
        f"CREATE EXTERNAL TABLE {name} (i bigint, s struct<name:string>,"
        " l array<struct<name:string,missing:int>>, t timestamp, f double, text varchar(3))"
        f" STORED AS PARQUET LOCATION 's3://{BUCKET}/{name}/'"
    )
    assert athena.rows(f"SELECT * FROM {name} ORDER BY i")[1:] == [
        ["1", "{name=a}", "[{name=b, missing=null}]", "1970-01-01 00:00:00.002", "0.5", "x"],
        ["2", None, None, None, None, None],
    ]
    assert athena.rows(f"SELECT i FROM {name} WHERE text = 'x'")[1:] == [["1"]]
    assert athena.rows(f"SELECT s.name FROM {name} WHERE i = 1")[1:] == [["a"]]


def test_parquet_of_another_type_is_bad_data(athena: Queries, put: Any, name: str) -> None:
    put(f"{name}/a.parquet", as_parquet(pa.table({"v": ["x"]})))
    athena.run(
        f"CREATE EXTERNAL TABLE {name} (v bigint) STORED AS PARQUET"
        f" LOCATION 's3://{BUCKET}/{name}/'"
    )
    assert athena.fails(f"SELECT v FROM {name}") == (
        f"HIVE_BAD_DATA: Field v's type BINARY in parquet file s3://{BUCKET}/{name}/a.parquet"
        " is incompatible with type bigint defined in table schema"
    )


def test_the_database_default_is_there_before_anything_is_in_it(athena: Queries) -> None:
    assert ["default"] in athena.rows("SHOW DATABASES")
    found = "SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'default'"
    assert athena.rows(found)[1:] == [["default"]]
    assert isinstance(athena.rows("SHOW TABLES IN default"), list)
