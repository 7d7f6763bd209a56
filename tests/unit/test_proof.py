"""What a proof says of the tables of two sides: which differ, where, and by which values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aws_bootstrap.proof import deliveries, job_runs, report, sides
from aws_bootstrap.proof.comparison import Column, Table, compared
from aws_bootstrap.proof.page import page
from aws_bootstrap.proof.sides import Side, UnjudgedError
from pipeline.names import GOLD, SILVER, ResourceNames

SPEND = (
    Column("spend_date", "date"),
    Column("channel", "varchar"),
    Column("spend", "double"),
    Column("date", "date"),
)
ROWS = (
    ("2026-01-15", "youtube", "381.76", "2026-01-15"),
    ("2026-01-15", "tiktok", "563.78", "2026-01-15"),
    ("2026-01-16", "youtube", "100.1", "2026-01-16"),
)


def _side(*changed: Table) -> dict[str, Table]:
    """Every table with one column and no rows, but for those that are given."""
    empty = {name: Table(name, (Column("channel", "varchar"),), ()) for name in (*SILVER, *GOLD)}
    return {**empty, **{table.name: table for table in changed}}


def _facts(laptop: dict[str, Table], cloud: dict[str, Table], table: str) -> dict[str, Any]:
    return next(facts for facts in compared(laptop, cloud) if facts["table"] == table)


def _report(laptop: dict[str, Table], cloud: dict[str, Table]) -> dict[str, Any]:
    tables = compared(laptop, cloud)
    equal = all(table["equal"] for table in tables)
    parts = {"run": "r", "made": "today", "objects": 1, "code": [], "left": []}
    return {**parts, "equal": equal, "tables": tables}


def test_the_same_rows_in_another_order_are_equal():
    one = _side(Table("fact_marketing", SPEND, ROWS))
    other = _side(Table("fact_marketing", SPEND, ROWS[::-1]))

    facts = _facts(one, other, "fact_marketing")

    assert facts["equal"] is True
    assert (facts["rows"], facts["differences"]) == ([3, 3], [])
    assert facts["sums"] == {"spend": ["1045.64", "1045.64"]}
    assert _report(one, other)["equal"] is True


def test_one_cent_is_named_by_table_channel_day_column_and_both_values():
    planted = (("2026-01-15", "youtube", "381.77", "2026-01-15"), *ROWS[1:])
    one = _side(Table("fact_marketing", SPEND, ROWS))
    other = _side(Table("fact_marketing", SPEND, planted))

    facts = _facts(one, other, "fact_marketing")

    assert facts["equal"] is False
    assert facts["sums"] == {"spend": ["1045.64", "1045.65"]}
    assert facts["hashes"][0] != facts["hashes"][1]
    assert facts["differences"] == [
        {
            "table": "fact_marketing",
            "key": "2026-01-15, youtube",
            "channel": "youtube",
            "day": "2026-01-15",
            "column": "spend",
            "laptop": "381.76",
            "cloud": "381.77",
        }
    ]
    lines = list(report.readable(_report(one, other)))
    assert (
        "  fact_marketing, youtube, 2026-01-15, spend: 381.76 on the laptop, 381.77 in the cloud"
        " (key 2026-01-15, youtube)" in lines
    )
    assert "  fact_marketing: sum of spend: 1045.64 on the laptop, 1045.65 in the cloud" in lines
    assert lines[-1] == "The two sides do not compute the same"


def test_a_row_that_one_side_lacks_is_one_difference_and_no_other_row_is_blamed():
    one = _side(Table("fact_marketing", SPEND, ROWS))
    other = _side(Table("fact_marketing", SPEND, ROWS[1:]))

    [found] = _facts(one, other, "fact_marketing")["differences"]

    assert (found["column"], found["laptop"], found["cloud"]) == ("(row)", "there", None)
    assert (found["channel"], found["day"]) == ("youtube", "2026-01-15")


def test_of_rows_with_the_same_key_only_those_that_differ_are_compared():
    columns = (Column("data_payload_uri", "varchar"), Column("data_event", "varchar"))
    one = Table("fact_events", columns, (("u", "a"), ("u", "a"), ("u", None)))
    other = Table("fact_events", columns, (("u", "a"), ("u", "b"), ("u", None)))

    found = _facts(_side(one), _side(other), "fact_events")["differences"]

    assert [(d["key"], d["column"], d["laptop"], d["cloud"]) for d in found] == [
        ("u", "data_event", "a", "b")
    ]


def test_a_null_is_not_an_empty_text():
    columns = (Column("invitee_id", "varchar"), Column("employee_email", "varchar"))
    one = Table("fact_bookings", columns, (("i", None),))
    other = Table("fact_bookings", columns, (("i", ""),))

    [found] = _facts(_side(one), _side(other), "fact_bookings")["differences"]

    assert (found["laptop"], found["cloud"]) == (None, "")


def test_the_time_of_the_run_that_rejected_a_row_is_not_compared_and_that_is_said():
    columns = (Column("bronze_key", "varchar"), Column("raw", "varchar"), Column("run", "varchar"))
    one = Table("rejected_events", columns, (("k", "{}", "2026-01-01T00:00:00"),))
    other = Table("rejected_events", columns, (("k", "{}", "2026-01-01T00:00:09"),))

    assert _facts(_side(one), _side(other), "rejected_events")["equal"] is True
    assert "Not compared: rejected_events.run" in "\n".join(
        report.readable(_report(_side(one), _side(other)))
    )


def test_a_column_of_another_type_and_a_table_that_is_not_there_differ():
    columns = (*SPEND[:2], Column("spend", "decimal(10,2)"), SPEND[3])
    one = _side(Table("fact_marketing", SPEND, ()))
    other = _side(Table("fact_marketing", columns, ()))
    del other["gold_cpb_by_channel"]

    text = "\n".join(report.readable(_report(one, other)))

    assert (
        "fact_marketing: column spend double on the laptop, spend decimal(10,2) in the cloud"
        in text
    )
    assert "gold_cpb_by_channel: is not there in the cloud" in text
    assert _report(one, other)["equal"] is False


def test_a_table_that_neither_side_has_is_not_equal():
    assert not any(table["equal"] for table in compared({}, {}))


def test_the_page_shows_values_as_text_and_needs_nothing_else():
    columns = (Column("invitee_id", "varchar"), Column("employee_email", "varchar"))
    one = Table("fact_bookings", columns, (("i", "<script>alert(1)</script>"),))
    other = Table("fact_bookings", columns, (("i", "a@example.com"),))

    text = page(_report(_side(one), _side(other)))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "http" not in text
    assert "The two sides do not compute the same" in text


def test_the_fixed_set_is_the_same_each_time_and_has_every_kind_of_event():
    made = deliveries.bronze_objects()

    assert made == deliveries.bronze_objects()
    events = [json.loads(body)["data"] for key, body in made.items() if key.startswith("events/")]
    assert {"invitee.created", "invitee.canceled"} <= {event.get("event") for event in events}
    assert any(key.startswith("events/event_date=unknown/") for key in made)
    assert sum(key.startswith("marketing/spend_date=") for key in made) == 6


SUBMIT = {
    "EntryPoint": "s3://acme-lake-code-bucket/Spark_codes/project6-silver-events.py",
    "EntryPointArguments": ["acme-lake-bronze-bucket", "events/", "acme-lake-silver-bucket"],
    "SparkSubmitParameters": "--conf spark.sql.extensions=x",
}
SIDE = Side("cloud", ResourceNames("acme-lake"), lambda _: None, "run")


def _task(**more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::emr-serverless:startJobRun.sync",
        "Parameters": {
            "ApplicationId": "a",
            "ExecutionRoleArn": "arn:aws:iam::123456789012:role/r",
            "Name": "acme-lake-silver-events",
            "JobDriver": {"SparkSubmit": SUBMIT},
            "Tags": {"Owner": "ana"},
        },
        **more,
    }


def test_a_job_is_started_as_deployed_but_on_places_of_the_proofs_own():
    [[parameters]] = job_runs.stages({"StartAt": "A", "States": {"A": _task(End=True)}})

    assert job_runs.request_of(parameters, SIDE) == {
        "applicationId": "a",
        "executionRoleArn": "arn:aws:iam::123456789012:role/r",
        "name": "acme-lake-silver-events-prove",
        "jobDriver": {
            "sparkSubmit": {
                "entryPoint": "s3://acme-lake-code-bucket/Spark_codes/project6-silver-events.py",
                "entryPointArguments": [
                    "acme-lake-bronze-bucket",
                    "_prove/run/events/",
                    "acme-lake-silver-bucket/_prove/run",
                ],
                "sparkSubmitParameters": "--conf spark.sql.extensions=x",
            }
        },
        "tags": {"Owner": "ana"},
    }


def test_parallel_jobs_are_one_stage_and_other_tasks_are_none():
    branches = [{"StartAt": "B", "States": {"B": _task(End=True)}}] * 2
    glue = {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Next": "P"}
    states = {
        "G": glue,
        "P": {"Type": "Parallel", "Branches": branches, "Next": "C"},
        "C": _task(End=True),
    }
    assert [len(stage) for stage in job_runs.stages({"StartAt": "G", "States": states})] == [2, 1]


def test_arguments_of_an_execution_are_left_out_and_its_places_are_moved():
    computed = (
        "States.Array('acme-lake-silver-bucket', 'acme-lake-gold-bucket', '--execution',"
        " $$.Execution.Id, '--input', States.JsonToString($$.Execution.Input))"
    )
    submit = {"EntryPoint": "s3://b/project6-gold.py", "EntryPointArguments.$": computed}

    found = job_runs.request_of({"JobDriver": {"SparkSubmit": submit}}, SIDE)

    assert found["jobDriver"]["sparkSubmit"] == {
        "entryPoint": "s3://b/project6-gold.py",
        "entryPointArguments": [
            "acme-lake-silver-bucket/_prove/run",
            "acme-lake-gold-bucket/_prove/run",
        ],
    }


@pytest.mark.parametrize(
    "computed",
    [
        "States.Array('acme-lake-silver-bucket', $.place)",
        "States.Array('acme-lake-silver-bucket', '--elsewhere', 'x')",
        "$.arguments",
    ],
)
def test_a_place_that_only_an_execution_knows_is_not_run(computed: str):
    submit = {"EntryPoint": "s3://b/project6-gold.py", "EntryPointArguments.$": computed}
    with pytest.raises(UnjudgedError, match="apply this repository there first"):
        job_runs.request_of({"JobDriver": {"SparkSubmit": submit}}, SIDE)


def test_a_job_that_takes_an_unknown_place_is_not_run():
    other = {**SUBMIT, "EntryPointArguments": ["other-bucket"]}
    parameters = {"JobDriver": {"SparkSubmit": other}}
    with pytest.raises(UnjudgedError, match="found the argument 'other-bucket'"):
        job_runs.request_of(parameters, SIDE)


def test_the_database_of_a_run_is_none_of_the_pipelines():
    assert SIDE.database == "acme_lake_prove_run"
    assert sides.FOLDER == "_prove/"
