"""Partitions of the Data Catalog on the live edge: batches, filters, segments, pages."""

from __future__ import annotations

from typing import Any

from tests.support.data_catalog import ACCOUNT, COLUMNS, KEYS, definition, partition, values_of
from tests.support.errors import refused


def test_a_partition_is_answered_as_it_was_given(glue: Any, database: str, table: str) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    glue.create_partition(**of_table, PartitionInput=partition("2024", "b", Parameters={"n": "1"}))

    found = glue.get_partition(**of_table, PartitionValues=["2024", "b"])["Partition"]

    assert found["Values"] == ["2024", "b"]
    assert found["StorageDescriptor"]["Location"] == "s3://bucket/t/2024/b"
    assert (found["DatabaseName"], found["TableName"]) == (database, table)
    assert (found["Parameters"], found["CatalogId"]) == ({"n": "1"}, ACCOUNT)
    assert found["CreationTime"].year >= 2026


def test_batches_tell_of_each_partition_that_they_could_not_do(
    glue: Any, database: str, table: str
) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    made = [partition("1", "a"), partition("2", "a"), partition("1", "a"), partition("3")]

    created = glue.batch_create_partition(**of_table, PartitionInputList=made)["Errors"]
    found = glue.batch_get_partition(
        **of_table, PartitionsToGet=[{"Values": ["2", "a"]}, {"Values": ["9", "a"]}]
    )
    updated = glue.batch_update_partition(
        **of_table,
        Entries=[
            {"PartitionValueList": ["1", "a"], "PartitionInput": partition("1", "z")},
            {"PartitionValueList": ["9", "a"], "PartitionInput": partition("9", "z")},
        ],
    )["Errors"]
    deleted = glue.batch_delete_partition(
        **of_table, PartitionsToDelete=[{"Values": ["2", "a"]}, {"Values": ["9", "a"]}]
    )["Errors"]

    told = [(error["PartitionValues"], error["ErrorDetail"]["ErrorCode"]) for error in created]
    assert told == [(["1", "a"], "AlreadyExistsException"), (["3"], "InvalidInputException")]
    assert values_of(found) == [["2", "a"]]
    assert [error["PartitionValueList"] for error in updated] == [["9", "a"]]
    assert [error["PartitionValues"] for error in deleted] == [["9", "a"]]
    assert values_of(glue.get_partitions(**of_table)) == [["1", "z"]]


def test_an_updated_partition_may_move_but_not_onto_another(
    glue: Any, database: str, table: str
) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    for values in (("1", "a"), ("2", "a")):
        glue.create_partition(**of_table, PartitionInput=partition(*values))
    before = glue.get_partition(**of_table, PartitionValues=["1", "a"])["Partition"]
    of_first = {**of_table, "PartitionValueList": ["1", "a"]}

    occupied = refused(glue.update_partition, **of_first, PartitionInput=partition("2", "a"))
    glue.update_partition(**of_first, PartitionInput=partition("3", "a", Parameters={"n": "1"}))

    moved = glue.get_partition(**of_table, PartitionValues=["3", "a"])["Partition"]
    assert occupied == ("AlreadyExistsException", "Partition already exists.")
    assert moved["Parameters"] == {"n": "1"}
    assert moved["CreationTime"] == before["CreationTime"]
    gone = ("EntityNotFoundException", "Cannot find partition.")
    assert refused(glue.get_partition, **of_table, PartitionValues=["1", "a"]) == gone
    assert refused(glue.delete_partition, **of_table, PartitionValues=["1", "a"]) == gone
    assert refused(glue.update_partition, **of_first, PartitionInput=partition("1", "a")) == gone
    count = refused(glue.create_partition, **of_table, PartitionInput=partition("1"))
    assert count == (
        "InvalidInputException",
        "The number of partition keys do not match the number of partition values",
    )


def test_partitions_are_filtered_by_the_types_of_their_keys_page_by_page(
    glue: Any, database: str, table: str
) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    made = [partition(str(year), place) for year in (8, 9, 10, 11) for place in ("a", "b", "c")]
    glue.batch_create_partition(**of_table, PartitionInputList=made)
    expression = "year BETWEEN 9 AND 10 AND NOT place = 'b'"

    pages = glue.get_paginator("get_partitions").paginate(
        **of_table, Expression=expression, PaginationConfig={"PageSize": 3}
    )

    found = [values for page in pages for values in values_of(page)]
    assert found == [["9", "a"], ["9", "c"], ["10", "a"], ["10", "c"]]
    wrong = refused(glue.get_partitions, **of_table, Expression="year = 'x'")
    assert wrong == ("InvalidInputException", 'For input string: "x" is not an integer.')
    unread = refused(glue.get_partitions, **of_table, Expression="year ==")
    assert unread == ("InvalidInputException", "Unsupported expression 'year =='")


def test_segments_divide_the_partitions_of_a_table(glue: Any, database: str, table: str) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    made = [partition(str(number), "a") for number in range(60)]
    glue.batch_create_partition(**of_table, PartitionInputList=made)

    segments = [
        values_of(
            glue.get_partitions(
                **of_table,
                ExcludeColumnSchema=True,
                Segment={"SegmentNumber": number, "TotalSegments": 4},
            )
        )
        for number in range(4)
    ]

    listed = [int(year) for segment in segments for year, _ in segment]
    assert sorted(listed) == list(range(60))
    assert all(segments)
    outside = {"SegmentNumber": 4, "TotalSegments": 4}
    assert refused(glue.get_partitions, **of_table, Segment=outside)[0] == "InvalidInputException"


def test_the_columns_of_partitions_are_left_out_where_asked(
    glue: Any, database: str, table: str
) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    glue.create_partition(**of_table, PartitionInput=partition("1", "a"))

    (bare,) = glue.get_partitions(**of_table, ExcludeColumnSchema=True)["Partitions"]
    (whole,) = glue.get_partitions(**of_table)["Partitions"]

    assert "Columns" not in bare["StorageDescriptor"]
    assert bare["StorageDescriptor"]["Location"] == "s3://bucket/t/1/a"
    assert whole["StorageDescriptor"]["Columns"] == COLUMNS


def test_partitions_follow_their_keys_when_these_get_another_type(
    glue: Any, database: str, table: str
) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    made = [partition(year, "a") for year in ("9", "10")]
    glue.batch_create_partition(**of_table, PartitionInputList=made)
    as_text = [{"Name": "year", "Type": "string"}, KEYS[1]]

    glue.update_table(DatabaseName=database, TableInput=definition(table, PartitionKeys=as_text))

    assert values_of(glue.get_partitions(**of_table)) == [["10", "a"], ["9", "a"]]
    assert values_of(glue.get_partitions(**of_table, Expression="year > '2'")) == [["9", "a"]]


def test_tokens_of_another_table_and_pages_too_large_are_refused(
    glue: Any, database: str, table: str
) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    glue.create_table(DatabaseName=database, TableInput=definition("u", PartitionKeys=KEYS))
    made = [partition(year, "a") for year in ("1", "2")]
    glue.batch_create_partition(**of_table, PartitionInputList=made)
    token = glue.get_partitions(**of_table, MaxResults=1)["NextToken"]

    def told(table_name: str, **request: Any) -> str:
        named = {"DatabaseName": database, "TableName": table_name}
        return refused(glue.get_partitions, **named, **request)[0]

    assert told("u", NextToken=token) == "InvalidInputException"
    assert told("t", NextToken="x" * 20) == "InvalidInputException"
    assert told("t", MaxResults=1001) == "ValidationException"
    assert told("t", Expression="year = 1" + " " * 2048) == "ValidationException"
    assert values_of(glue.get_partitions(**of_table, NextToken=token)) == [["2", "a"]]


def test_what_is_not_implemented_says_so(glue: Any, database: str, table: str) -> None:
    of_table = {"DatabaseName": database, "TableName": table}
    index = {"Keys": ["year"], "IndexName": "i"}
    code, message = refused(glue.create_partition_index, **of_table, PartitionIndex=index)
    assert (code, "CreatePartitionIndex" in message) == ("NotImplemented", True)
    assert glue.get_partition_indexes(**of_table)["PartitionIndexDescriptorList"] == []
