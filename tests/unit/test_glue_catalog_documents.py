"""The Data Catalog's pure pieces: documents, versions, patterns, search, constraints."""

from __future__ import annotations

import pytest
from botocore.session import Session

from services.edge.aws import constraints
from services.edge.glue.catalog import databases, partitions, patterns, search, tables
from services.edge.glue.errors import GlueError

ACCOUNT = "000000000000"


def test_a_new_table_is_version_0_with_what_glue_adds():
    table = tables.created(
        {"Name": "Sales", "StorageDescriptor": {"Columns": [], "Location": "s3://b/"}},
        *("db", ACCOUNT, 5.0),
    )
    assert table == {
        "Name": "sales",
        "DatabaseName": "db",
        "CatalogId": ACCOUNT,
        "CreateTime": 5.0,
        "UpdateTime": 5.0,
        "Retention": 0,
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": [],
            "Location": "s3://b/",
            "Compressed": False,
            "NumberOfBuckets": 0,
            "SortColumns": [],
            "StoredAsSubDirectories": False,
        },
        "CreatedBy": "arn:aws:iam::000000000000:root",
        "IsRegisteredWithLakeFormation": False,
        "IsMultiDialectView": False,
        "VersionId": "0",
    }


def test_an_update_replaces_the_whole_definition_and_counts_the_version():
    table = tables.created({"Name": "t", "Description": "old"}, "db", ACCOUNT, 5.0)
    table = {**table, "VersionId": "9"}
    changed = tables.updated(table, {"Name": "t", "Owner": "me"}, "9", 7.0)
    assert changed["VersionId"] == "10"
    assert (changed["CreateTime"], changed["UpdateTime"]) == (5.0, 7.0)
    assert "Description" not in changed
    assert changed["Owner"] == "me"


def test_an_update_made_from_a_former_version_is_refused():
    table = tables.created({"Name": "t"}, "db", ACCOUNT, 5.0)
    with pytest.raises(GlueError) as refused:
        tables.updated({**table, "VersionId": "2"}, {"Name": "t"}, "1", 7.0)
    assert refused.value.code == "ConcurrentModificationException"
    assert refused.value.message == "Update table failed due to concurrent modifications."


def test_a_database_cannot_be_renamed():
    database = databases.created({"Name": "A"}, ACCOUNT, 5.0)
    assert databases.updated(database, {"Name": "a", "Description": "d"})["CreateTime"] == 5.0
    with pytest.raises(GlueError, match="Database a cannot be renamed"):
        databases.updated(database, {"Name": "b"})


@pytest.mark.parametrize(
    ("expression", "matches", "misses"),
    [
        ("sales", ["sales"], ["sales_2024", "wholesales"]),
        ("sales*", ["sales", "sales_2024"], ["wholesales"]),
        ("sales.*", ["sales", "sales_2024"], ["wholesales"]),
        ("*ale*", ["sales", "wholesales"], ["bookings"]),
        ("SALES|book.+", ["sales", "bookings"], ["book"]),
        ("[a-s]*", ["sales", "a"], ["x", "a1"]),
    ],
)
def test_patterns_are_regular_expressions_with_a_bare_star_for_anything(
    expression, matches, misses
):
    fits = patterns.compiled(expression).fullmatch
    assert [name for name in (*matches, *misses) if fits(name)] == matches


def test_a_pattern_that_is_no_regular_expression_is_refused():
    with pytest.raises(GlueError, match="Invalid expression"):
        patterns.compiled("(open")


def test_the_segments_of_a_table_hold_each_partition_once():
    rows = [partitions.row([str(number)], ["string"]) for number in range(500)]
    for total in range(1, 11):
        sizes = [sum(row.segment % total == number for row in rows) for number in range(total)]
        assert sum(sizes) == 500
        assert min(sizes) > 0


def table(**changes):
    return {"Name": "customer-link", "DatabaseName": "a", "CreateTime": 100.0, **changes}


@pytest.mark.parametrize(
    ("predicate", "passes"),
    [
        ({"Key": "Name", "Value": "link"}, True),
        ({"Key": "Name", "Value": "lin"}, False),
        ({"Key": "Name", "Value": "customer-link"}, True),
        ({"Key": "Parameters.classification", "Value": "csv"}, True),
        ({"Key": "Parameters.other", "Value": "csv"}, False),
        ({"Key": "CreateTime", "Value": "99", "Comparator": "GREATER_THAN"}, True),
        ({"Key": "CreateTime", "Value": "100", "Comparator": "GREATER_THAN"}, False),
        ({"Key": "CreateTime", "Value": "100", "Comparator": "LESS_THAN_EQUALS"}, True),
        ({"Key": "CreateTime", "Value": "1970-01-01T00:01:40Z", "Comparator": "EQUALS"}, True),
        ({"Key": "UpdateTime", "Value": "1", "Comparator": "EQUALS"}, False),
    ],
)
def test_search_filters_compare_tokens_and_times(predicate, passes):
    found = table(Parameters={"classification": "csv"})
    assert search.wanted(found, [predicate]) is passes


@pytest.mark.parametrize(
    "predicate",
    [{"Key": "Colour", "Value": "red"}, {"Key": "CreateTime", "Value": "yesterday"}],
)
def test_a_search_for_what_no_table_has_is_refused(predicate):
    with pytest.raises(GlueError):
        search.wanted(table(), [predicate])


def test_search_results_are_ordered_by_one_field():
    first, second = table(Name="b", CreateTime=1.0), table(Name="a", CreateTime=2.0)
    newest = [{"FieldName": "CreateTime", "Sort": "DESC"}]
    assert search.ordered([first, second], []) == [second, first]
    assert search.ordered([second, first], [{"FieldName": "CreateTime"}]) == [first, second]
    assert search.ordered([first, second], newest) == [second, first]


@pytest.mark.parametrize(
    ("operation", "request_", "told"),
    [
        ("GetTables", {}, "Value null at 'databaseName' failed to satisfy constraint: Member must"),
        (
            "GetTables",
            {"DatabaseName": "a", "MaxResults": 0},
            "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value"
            " greater than or equal to 1",
        ),
        (
            "BatchDeletePartition",
            {"DatabaseName": "a", "TableName": "b", "PartitionsToDelete": [{"Values": []}] * 26},
            "at 'partitionsToDelete' failed to satisfy constraint: Member must have length"
            " less than or equal to 25",
        ),
        (
            "CreateTable",
            {
                "DatabaseName": "a",
                "TableInput": {
                    "Name": "t",
                    "StorageDescriptor": {"Columns": [{"Name": "c", "Type": "x" * 131073}]},
                },
            },
            "at 'tableInput.storageDescriptor.columns.1.member.type' failed to satisfy constraint:"
            " Member must have length less than or equal to 131072",
        ),
        (
            "GetDatabases",
            {"ResourceShareType": "MINE"},
            "Member must satisfy enum value set: [FOREIGN, ALL, FEDERATED]",
        ),
        ("GetDatabase", {"Name": "a\nb"}, "Member must satisfy regular expression pattern"),
    ],
)
def test_constraints_of_the_model_are_told_as_aws_does(operation, request_, told):
    shape = Session().get_service_model("glue").operation_model(operation).input_shape
    problem = constraints.problem(shape, request_)
    assert problem is not None
    assert problem.startswith("1 validation error detected: Value ")
    assert told in problem
