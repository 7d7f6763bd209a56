"""Folders become tables and partitions as a crawler of AWS makes them."""

from __future__ import annotations

import pytest

from services.edge.delta.log import Snapshot
from services.edge.delta.schemas import Column
from services.edge.glue.engine.crawler import folders, s3_targets, tables
from services.edge.glue.engine.crawler.column_types import ColumnType
from services.edge.glue.engine.crawler.exclusions import excluded
from services.edge.glue.engine.crawler.folders import Folder
from services.edge.glue.engine.crawler.samples import PARQUET, Sample
from services.edge.glue.engine.crawler.tables import FoundTable


def folder(path: str, **columns: ColumnType) -> Folder:
    sample = Sample("parquet", columns or {"id": "bigint"}, PARQUET)
    segments = tuple(path.split("/")) if path else ()
    return Folder(segments, {"a.parquet": sample}, objects=2, size=10)


def shape(found: list[FoundTable]) -> dict[str, list[str]]:
    """Each table's location, with the names of its partition keys."""
    return {table.location: [key.name for key in table.partition_keys] for table in found}


def test_key_value_folders_are_the_partitions_of_the_folder_above() -> None:
    found = folders.tables(
        [folder("sales/year=2019/month=Jan%202"), folder("sales/Year=2019/month=Feb")], "b"
    )

    assert shape(found) == {"s3://b/sales/": ["year", "month"]}
    assert [partition.values for partition in found[0].partitions] == [
        ("2019", "Jan 2"),
        ("2019", "Feb"),
    ]
    assert found[0].partitions[1].location == "s3://b/sales/Year=2019/month=Feb/"
    assert found[0].parameters["objectCount"] == "4"
    assert found[0].parameters["sizeKey"] == "20"


def test_alike_folders_without_keys_are_numbered_partitions() -> None:
    found = folders.tables([folder("raw/one/x"), folder("raw/two/y")], "b")

    assert shape(found) == {"s3://b/raw/": ["partition_0", "partition_1"]}


def test_a_single_chain_of_folders_is_the_tables_own_path() -> None:
    assert shape(folders.tables([folder("raw/deep/users")], "b")) == {"s3://b/raw/deep/users/": []}


def test_a_bucket_itself_can_be_a_table() -> None:
    assert shape(folders.tables([folder("")], "sales")) == {"s3://sales/": []}


def test_unlike_folders_are_tables_of_their_own() -> None:
    users, orders = folder("raw/users", name="string"), folder("raw/orders", total="double")

    assert shape(folders.tables([users, orders], "b")) == {
        "s3://b/raw/users/": [],
        "s3://b/raw/orders/": [],
    }


def test_folders_of_unlike_depth_are_not_one_table() -> None:
    found = folders.tables([folder("raw/a/x=1"), folder("raw/b/x=1/y=2")], "b")

    assert shape(found) == {"s3://b/raw/a/": ["x"], "s3://b/raw/b/": ["x", "y"]}


def test_unlike_partition_folders_are_tables_of_their_own() -> None:
    found = folders.tables([folder("t/day=1", a="string"), folder("t/day=2", b="int")], "b")

    assert shape(found) == {"s3://b/t/day=1/": [], "s3://b/t/day=2/": []}


def test_folders_of_one_format_are_one_table_where_the_crawler_combines_them() -> None:
    unlike = [folder("t/year=2017", a="int", b="int"), folder("t/year=2018", c="int", d="int")]

    assert shape(folders.tables(unlike, "b")) == {
        "s3://b/t/year=2017/": [],
        "s3://b/t/year=2018/": [],
    }
    (found,) = folders.tables(unlike, "b", combine=True)
    assert found.location == "s3://b/t/"
    assert found.columns == tuple(Column(name, "int") for name in "abcd")
    assert found.partition_keys == (Column("year", "string"),)
    other = Folder(("t", "year=2019"), {"x.json": Sample("json", {"a": "int"}, PARQUET)}, 1, 1)
    assert len(folders.tables([*unlike, other], "b", combine=True)) == 3


def test_folders_are_partitions_where_the_majority_are_alike() -> None:
    alike = [folder(f"t/day={day}", a="int", b="int") for day in (1, 2)]
    other = folder("t/day=3", z="string")

    (found,) = folders.tables([*alike, other], "b")

    assert shape([found]) == {"s3://b/t/": ["day"]}
    assert [column.name for column in found.columns] == ["a", "b", "z"]
    assert len(folders.tables([alike[0], other], "b")) == 2


def test_unlike_files_of_one_folder_are_tables_of_their_own() -> None:
    one = Sample("parquet", {"a": "string"}, PARQUET)
    other = Sample("parquet", {"b": "string"}, PARQUET)
    mixed = Folder(("raw",), {"one.parquet": one, "two.parquet": other}, objects=2, size=2)

    found = folders.tables([mixed], "b")

    assert [table.location for table in found] == [
        "s3://b/raw/one.parquet",
        "s3://b/raw/two.parquet",
    ]
    assert [table.columns for table in found] == [
        (Column("a", "string"),),
        (Column("b", "string"),),
    ]


def test_types_of_alike_folders_are_widened_and_a_key_goes_before_a_column() -> None:
    found = folders.tables(
        [folder("t/id=1", x="int", id="int"), folder("t/id=2", x="bigint", id="int")], "b"
    )

    assert found[0].columns == (Column("x", "bigint"),)
    assert found[0].partition_keys == (Column("id", "string"),)


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("s3://b/silver/fact_events/", "fact_events"),
        ("s3://b/Fact-Events", "fact_events"),
        ("s3://b/raw/a.b.csv", "a_b_csv"),
        ("s3://my-bucket/", "my_bucket"),
        ("s3://b/day=1/", "day_1"),
    ],
)
def test_a_table_is_named_by_the_last_segment_of_its_path(location: str, name: str) -> None:
    assert tables.table_name(location) == name


def test_a_delta_tables_entry_leads_to_its_log() -> None:
    columns = (Column("textReminder", "string", "spelt so"), Column("Day", "date"))
    snapshot = Snapshot("s3://b/fact", 3, columns, ("Day",), {}, "id")

    made = tables.table_input(tables.delta_table("s3://b/fact", snapshot), "fact", "crawler")

    storage = made["StorageDescriptor"]
    assert storage["Columns"] == [{"Name": "textreminder", "Type": "string", "Comment": "spelt so"}]
    assert made["PartitionKeys"] == [{"Name": "day", "Type": "date"}]
    assert storage["Location"] == storage["SerdeInfo"]["Parameters"]["path"] == "s3://b/fact/"
    assert made["Parameters"]["table_type"] == "DELTA"


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "x/a.csv", False),
        ("**.csv", "x/y/a.csv", True),
        ("secret/**", "secret/x/a.json", True),
        ("secret/**", "other/secret/a.json", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        ("*.{csv,json}", "a.json", True),
        ("*.{csv,json}", "a.parquet", False),
        (r"\*x", "*x", True),
        (r"\*x", "ax", False),
        ("a,b", "a,b", True),
    ],
)
def test_exclusions_are_globs_of_the_path_below_the_target(
    pattern: str, path: str, matches: bool
) -> None:
    assert excluded(path, (pattern,)) is matches


def test_hidden_empty_and_delta_files_are_not_crawled() -> None:
    keys = ("raw/a.json", "raw/_SUCCESS", "raw/.part", "raw/x/", "raw/fact/a.parquet")
    listed = [{"Key": key, "Size": 1} for key in keys]
    listed += [{"Key": "raw/empty.json", "Size": 0}]
    listed += [{"Key": "raw/fact/_delta_log/00000000000000000000.json", "Size": 1}]

    assert s3_targets.crawled(listed, "raw", ()) == {("raw",): [{"Key": "raw/a.json", "Size": 1}]}
    assert s3_targets.delta_folders(listed) == [("raw", "fact")]


def test_a_sample_of_files_is_spread_over_the_whole_list() -> None:
    entries = [{"Key": str(number)} for number in range(100)]

    found = s3_targets.spread(entries, 4)

    assert [entry["Key"] for entry in found] == ["24", "49", "74", "99"]
    assert s3_targets.spread(entries[:3], 4) == entries[:3]
