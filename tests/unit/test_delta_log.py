"""Schemas of the Delta log become the types that Glue and Athena know."""

from __future__ import annotations

import pytest

from services.edge import delta_log
from services.edge.delta_log import Column, Snapshot


@pytest.mark.parametrize(
    ("delta", "hive"),
    [
        ("string", "string"),
        ("long", "bigint"),
        ("integer", "int"),
        ("short", "smallint"),
        ("byte", "tinyint"),
        ("float", "float"),
        ("double", "double"),
        ("boolean", "boolean"),
        ("binary", "binary"),
        ("date", "date"),
        ("timestamp", "timestamp"),
        ("timestamp_ntz", "timestamp"),
        ("decimal(10,2)", "decimal(10,2)"),
        ("decimal(38, 18)", "decimal(38,18)"),
    ],
)
def test_a_primitive_type_has_the_name_that_glue_gives_it(delta: str, hive: str) -> None:
    assert delta_log.hive_type(delta) == hive


def test_types_nest_as_hive_writes_them() -> None:
    kind = {
        "type": "map",
        "keyType": "string",
        "valueType": {
            "type": "array",
            "elementType": {
                "type": "struct",
                "fields": [
                    {"name": "id", "type": "long", "nullable": True, "metadata": {}},
                    {"name": "paid", "type": "decimal(8,2)", "nullable": True, "metadata": {}},
                ],
            },
            "containsNull": True,
        },
        "valueContainsNull": True,
    }

    assert delta_log.hive_type(kind) == "map<string,array<struct<id:bigint,paid:decimal(8,2)>>>"


def test_a_type_that_glue_lacks_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match="found 'variant'"):
        delta_log.hive_type("variant")


def test_columns_keep_their_comment() -> None:
    schema = {
        "type": "struct",
        "fields": [
            {"name": "spend", "type": "double", "nullable": True, "metadata": {"comment": "USD"}},
            {"name": "channel", "type": "string", "nullable": True, "metadata": {}},
        ],
    }

    assert delta_log.columns(schema) == (
        Column("spend", "double", "USD"),
        Column("channel", "string", None),
    )


def test_partition_keys_are_in_the_order_of_the_partitioning_and_not_among_the_data() -> None:
    day, channel, spend = Column("day", "date"), Column("channel", "string"), Column("x", "double")
    snapshot = Snapshot("s3://b/t", 0, (day, channel, spend), ("channel", "day"), {}, "id")

    assert snapshot.partition_keys == (channel, day)
    assert snapshot.data_columns == (spend,)


def test_an_answer_of_s3_is_the_reason_that_is_told() -> None:
    message = (
        "Generic S3 error \x1b[31m↳\x1b[0m 404 Not Found <?xml version='1.0'?>\n<Error>"
        "<Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>"
    )

    assert delta_log.reason(message) == "The specified bucket does not exist (NoSuchBucket)"


def test_the_stack_trace_of_the_library_is_not_told() -> None:
    message = "Json error: Truncated record\n   0: <unknown>\n  11: start_thread\n    at x.c:8"

    assert delta_log.reason(message) == "Json error: Truncated record"


@pytest.mark.parametrize("location", ["file:///etc", "/etc", "s3://", "https://example.com/t"])
def test_only_addresses_in_s3_are_opened(location: str) -> None:
    with pytest.raises(delta_log.NotADeltaTableError):
        delta_log.opened(location, "http://127.0.0.1:1")
