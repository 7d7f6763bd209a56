"""Schemas of the Delta log become the types that Glue and Athena know."""

from __future__ import annotations

import pytest

from services.edge.delta import log, schemas
from services.edge.delta.errors import NotADeltaTableError
from services.edge.delta.log import Snapshot
from services.edge.delta.schemas import Column


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
    assert schemas.hive_type(delta) == hive


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

    assert schemas.hive_type(kind) == "map<string,array<struct<id:bigint,paid:decimal(8,2)>>>"


def test_a_type_that_glue_lacks_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match="found 'variant'"):
        schemas.hive_type("variant")


def test_columns_keep_their_comment() -> None:
    schema = {
        "type": "struct",
        "fields": [
            {"name": "spend", "type": "double", "nullable": True, "metadata": {"comment": "USD"}},
            {"name": "channel", "type": "string", "nullable": True, "metadata": {}},
        ],
    }

    assert schemas.columns(schema) == (
        Column("spend", "double", "USD"),
        Column("channel", "string", None),
    )


def test_partition_keys_are_in_the_order_of_the_partitioning_and_not_among_the_data() -> None:
    day, channel, spend = Column("day", "date"), Column("channel", "string"), Column("x", "double")
    snapshot = Snapshot("s3://b/t", 0, (day, channel, spend), ("channel", "day"), {}, "id")

    assert snapshot.partition_keys == (channel, day)
    assert snapshot.data_columns == (spend,)


@pytest.mark.parametrize("location", ["file:///etc", "/etc", "s3://", "https://example.com/t"])
def test_only_addresses_in_s3_are_opened(location: str) -> None:
    with pytest.raises(NotADeltaTableError):
        log.opened(location, None)
