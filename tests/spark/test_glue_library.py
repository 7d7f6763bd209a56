"""AWS Glue's library over DataFrames: what scripts that Glue Studio writes call, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from awsglue.transforms import *  # noqa: F403
from awsglue.transforms import (
    ApplyMapping,
    DropFields,
    DropNullFields,
    Filter,
    Join,
    Map,
    Relationalize,
    RenameField,
    ResolveChoice,
    SelectFields,
)

ROWS = [
    (1, "a", {"city": "Bern", "zip": "3000"}, "2026-01-14"),
    (2, "b", {"city": "Basel", "zip": "4000"}, "bad"),
]
SCHEMA = "id INT, name STRING, address STRUCT<city: STRING, zip: STRING>, day STRING"


@pytest.fixture(scope="module")
def glue(spark):
    return GlueContext(spark.sparkContext)


@pytest.fixture
def people(spark, glue):
    return DynamicFrame.fromDF(spark.createDataFrame(ROWS, SCHEMA), glue, "people")


def records(frame):
    return sorted((r.asDict(recursive=True) for r in frame.toDF().collect()), key=str)


def test_fields_are_selected_dropped_and_renamed_by_their_paths(people):
    assert records(SelectFields.apply(frame=people, paths=["id", "address.city", "none"]))[0] == {
        "id": 1,
        "address": {"city": "Bern"},
    }
    dropped = DropFields.apply(frame=people, paths=["address.zip", "day"])
    assert records(dropped)[0] == {"id": 1, "name": "a", "address": {"city": "Bern"}}
    renamed = RenameField.apply(people, "name", "first").rename_field("address.zip", "address.code")
    assert renamed.toDF().columns == ["id", "first", "address", "day"]
    assert records(renamed)[0]["address"] == {"city": "Bern", "code": "3000"}
    moved = people.rename_field("address.city", "city").rename_field("day", "when.day")
    assert records(moved)[0] == {
        "id": 1,
        "name": "a",
        "address": {"zip": "3000"},
        "city": "Bern",
        "when": {"day": "2026-01-14"},
    }


def test_a_mapping_names_casts_and_nests(people):
    mappings = [
        ("id", "int", "key", "long"),
        ("address.zip", "string", "place.code", "int"),
        ("day", "string", "day", "date"),
        ("missing", "string", "missing", "string"),
    ]

    mapped = ApplyMapping.apply(frame=people, mappings=mappings, transformation_ctx="m")

    assert mapped.schema().simpleString() == "struct<key:bigint,place:struct<code:int>,day:date>"
    assert [str(r["day"]) for r in records(mapped)] == ["2026-01-14", "None"]
    resolved = ResolveChoice.apply(
        people, specs=[("id", "cast:double"), ("address.zip", "cast:int")]
    )
    assert records(resolved)[0]["id"] == 1.0
    assert records(resolved)[0]["address"]["zip"] == 3000


def test_functions_see_records_and_make_records(people):
    assert [
        r["id"] for r in records(Filter.apply(people, f=lambda r: r["address"]["city"] == "Bern"))
    ] == [1]
    assert records(people.filter(lambda r: r["nothing"] > 1)) == []

    def marked(record):
        record["mark"] = {"of": record.name, "n": record["id"] * 10, "none": None}
        del record["day"]
        return record

    made = Map.apply(frame=people, f=marked)

    assert made.schema()["mark"].dataType.simpleString() == "struct<of:string,n:bigint,none:string>"
    assert records(made)[0]["mark"] == {"of": "a", "n": 10, "none": None}
    assert "day" not in made.toDF().columns


def test_a_join_keeps_both_sides_and_marks_names_of_both(spark, glue, people):
    orders = DynamicFrame.fromDF(
        spark.createDataFrame([(7, 1), (8, 9)], "id INT, person INT"), glue, "orders"
    )

    joined = Join.apply(people, orders, "id", "person")

    assert joined.toDF().columns == ["id", "name", "address", "day", ".id", "person"]
    assert [(r["id"], r[".id"]) for r in joined.toDF().collect()] == [(1, 7)]


def test_fields_that_are_null_in_every_record_are_dropped(spark, glue):
    frame = spark.createDataFrame([(1, None, None), (2, "x", None)], "id INT, some STRING, no INT")

    assert DropNullFields.apply(DynamicFrame(frame, glue)).toDF().columns == ["id", "some"]


def test_the_schema_and_the_records_are_printed_as_glue_prints_them(people, capsys):
    people.select_fields(["id", "address"]).printSchema()
    people.select_fields("id").show(1)

    assert capsys.readouterr().out == (
        "root\n|-- id: int\n|-- address: struct\n|    |-- city: string\n|    |-- zip: string\n"
        '{"id":1}\n'
    )
    assert people.count() == 2


@pytest.mark.parametrize("form", ["json", "parquet", "csv", "glueparquet", "orc", "delta"])
def test_what_is_written_in_a_format_is_read_back(glue, people, tmp_path, form):
    written = people.select_fields(["id", "name"])
    place = {"path": str(tmp_path / "out")}
    glue.write_dynamic_frame.from_options(
        frame=written, connection_type="s3", connection_options=place, format=form
    )
    options = {"withHeader": True} if form == "csv" else {}

    read = glue.create_dynamic_frame.from_options(
        connection_type="s3",
        connection_options={"paths": [place["path"]], "recurse": True, "groupFiles": "none"},
        format="parquet" if form == "glueparquet" else form,
        format_options=options,
        transformation_ctx="source",
    )

    expected = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    if form == "csv":
        expected = [{**row, "id": str(row["id"])} for row in expected]
    assert records(read) == expected


def test_csv_without_a_header_has_numbered_columns_and_partitions_are_folders(
    glue, people, tmp_path
):
    Path(tmp_path / "a.csv").write_text('1|"x|y"\n2|z\n')

    read = glue.create_dynamic_frame_from_options(
        "s3", {"paths": [str(tmp_path)]}, format="csv", format_options={"separator": "|"}
    )
    place = {"path": str(tmp_path / "out"), "partitionKeys": ["name"]}
    glue.write_dynamic_frame.from_options(people.select_fields(["id", "name"]), "s3", place, "json")

    assert records(read) == [{"col0": "1", "col1": "x|y"}, {"col0": "2", "col1": "z"}]
    (part,) = Path(tmp_path / "out/name=a").glob("*.json")
    assert json.loads(part.read_text()) == {"id": 1}


def test_what_is_not_there_is_refused_by_name(glue, people, tmp_path):
    place, frames = {"paths": [str(tmp_path)]}, glue.create_dynamic_frame
    bookmark = {"job_bookmark_option": "job-bookmark-enable"}
    refusals = [
        ("DynamicFrame.relationalize", lambda: people.relationalize("root", "s3://x")),
        ("Relationalize", lambda: Relationalize.apply(people, "s3://x", "root")),
        ("GlueContext.purge_table", lambda: glue.purge_table("d", "t")),
        ("from_jdbc_conf", lambda: glue.write_dynamic_frame.from_jdbc_conf(people, "c")),
        ("'mysql'", lambda: frames.from_options("mysql", place)),
        ("'xml'", lambda: frames.from_options("s3", place, "xml")),
        ("rowTag", lambda: frames.from_options("s3", place, "csv", {"rowTag": 1})),
        ("bounded", lambda: frames.from_options("s3", {**place, "boundedSize": 1}, "csv")),
        ("job bookmark", lambda: Job(glue).init("j", bookmark)),
        ("Job.isInitialised", lambda: Job(glue).isInitialised),
    ]
    for name, call in refusals:
        with pytest.raises(NotImplementedError, match="not available here") as refusal:
            call()
        assert name in str(refusal.value)


def test_the_context_has_the_session_and_a_logger(glue, spark, capfd):
    assert glue.spark_session is spark
    assert [row[0] for row in glue.sql("SELECT 1").collect()] == [1]
    logger = glue.get_logger()

    logger.info("begun")
    logger.warn("careful")
    logger.error("broken")

    lines = capfd.readouterr().err.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO GlueLogger: begun",
        "WARN GlueLogger: careful",
        "ERROR GlueLogger: broken",
    ]
