"""What a run of silver events reads and writes where it knows how the last one left the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lakehouse.delta_tables import ensure_table, merge
from lakehouse.lineage import NOTE_SETTING
from lakehouse.local_rows import local_rows
from pyspark.sql import types as T

from tests.support.bronze_objects import delivery


def files_of(spark, silver, name):
    """The table's files by event date."""
    rows = silver.read(name).selectExpr("event_date", "_metadata.file_path AS path").collect()
    return {(row.event_date.day, row.path) for row in rows}


def test_only_the_days_of_the_bookings_that_change_are_rewritten(spark, silver):
    days = {n: f"2026-01-{n}T10:00:00Z" for n in (14, 15, 16, 17)}
    silver.write(*(delivery(f"k{n}", f"I{n}", created=days[n]) for n in (14, 15, 16)), known=True)
    before = {name: files_of(spark, silver, name) for name in ("fact_events", "fact_bookings")}
    silver.write(delivery("k17", "I17", created=days[17]), known=True)
    new = delivery("k18", "I15", "invitee.canceled", days[17], status="canceled")
    silver.write(new, delivery("k19", "I19", created=days[16]), known=True)
    for name, old in before.items():
        kept = files_of(spark, silver, name) & old
        assert {day for day, _ in kept} == {14, 16}, name
    assert silver.select("fact_bookings", "invitee_id", "status") == [
        ("I14", "active"), ("I15", "canceled"), ("I16", "active"), ("I17", "active"),
        ("I19", "active"),
    ]  # fmt: skip
    assert len(silver.select("fact_events")) == 5


def test_rejects_that_stand_are_found_among_the_keys_of_the_run(silver):
    silver.write(("events/a.json", b"{"), ("events/m.json", b"{"), ("events/z.json", b"{"))
    silver.write(("events/m.json", b"{"), ("events/n.json", b"{"), run="run-2", known=True)
    silver.write(delivery("m", "M"), run="run-3", known=True)
    assert silver.select("rejected_events", "bronze_key", "run") == [
        ("events/a.json", "run-1"), ("events/n.json", "run-2"), ("events/z.json", "run-1"),
    ]  # fmt: skip


def test_rows_at_hand_become_a_frame_as_they_are(spark):
    inner = T.StructType([T.StructField("n", T.LongType()), T.StructField("t", T.StringType())])
    schema = T.StructType(
        [
            T.StructField("text", T.StringType()),
            T.StructField("amount", T.DoubleType()),
            T.StructField("day", T.DateType()),
            T.StructField("at", T.TimestampType()),
            T.StructField("one", inner),
            T.StructField("many", T.ArrayType(inner)),
            T.StructField("is_so", T.BooleanType()),
        ]
    )
    first = datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    text = "a\x00'\"\\:rows\n\u2028é\U0001f600"
    rows = [
        (text, 5e-324, date(1, 1, 1), first, (2**63 - 1, None), [(-1, "x"), (None, text)], True),
        ("", 1.7976931348623157e308, date(9999, 12, 31), None, None, [], False),
        (None,) * 7,
    ]
    frame = local_rows(spark, rows, schema)
    assert frame.schema == schema
    found = frame.selectExpr("*", "unix_micros(at) AS micros").drop("at").collect()
    micros = -62135596800 * 10**6 + 1
    assert [tuple(row) for row in found] == [
        (*(v for i, v in enumerate(row) if i != 3), micros if row[3] else None) for row in rows
    ]
    assert local_rows(spark, [], schema).count() == 0


def test_each_commit_of_a_session_carries_the_note_of_its_run_a_merge_too(spark, tmp_path):
    path = f"{tmp_path}/t"
    spark.conf.set(NOTE_SETTING, "made by run 1")
    try:
        ensure_table(spark, path, T.StructType([T.StructField("k", T.IntegerType())]))
        merge(
            spark.createDataFrame([(1,)], "k int"),
            path,
            "ON t.k = s.k WHEN NOT MATCHED THEN INSERT *",
        )
    finally:
        spark.conf.unset(NOTE_SETTING)
    history = spark.sql(f"DESCRIBE HISTORY delta.`{path}`").orderBy("version").collect()
    assert [(row.operation, row.userMetadata) for row in history] == [
        ("CREATE TABLE", "made by run 1"),
        ("MERGE", "made by run 1"),
    ]
