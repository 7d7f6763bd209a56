"""Tables of the Data Catalog on the live edge: listed, deleted, searched, refused."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from botocore.exceptions import ClientError

from tests.support.data_catalog import ACCOUNT, COLUMNS, KEYS, SCOPE, definition, partition
from tests.support.errors import refused


def test_a_table_is_answered_as_it_was_given(glue: Any, database: str) -> None:
    given = definition(
        "Sales",
        PartitionKeys=KEYS,
        Parameters={"classification": "parquet"},
        Description="all of them",
        Retention=3,
        StorageDescriptor={
            "Columns": COLUMNS,
            "Location": "s3://bucket/sales/",
            "SerdeInfo": {"SerializationLibrary": "x.Serde", "Parameters": {"path": "s3://b/"}},
        },
    )
    glue.create_table(DatabaseName=database, TableInput=given)

    found = glue.get_table(DatabaseName=database.upper(), Name="SALES")["Table"]

    assert found["Name"] == "sales"
    assert found["DatabaseName"] == database
    assert found["VersionId"] == "0"
    assert found["CatalogId"] == ACCOUNT
    assert found["PartitionKeys"] == KEYS
    assert found["Parameters"] == {"classification": "parquet"}
    assert (found["Description"], found["Retention"]) == ("all of them", 3)
    assert found["StorageDescriptor"]["Columns"] == COLUMNS
    assert found["StorageDescriptor"]["SerdeInfo"] == given["StorageDescriptor"]["SerdeInfo"]
    assert found["CreateTime"] == found["UpdateTime"]
    assert found["IsRegisteredWithLakeFormation"] is False


def test_tables_are_listed_by_pattern_attribute_and_page(glue: Any, database: str) -> None:
    names = [f"sales_{number:03}" for number in range(102)]
    for name in [*names, "wholesale"]:
        glue.create_table(DatabaseName=database, TableInput=definition(name))

    def listed(**request: Any) -> list[str]:
        found = glue.get_tables(DatabaseName=database, **request)["TableList"]
        return [table["Name"] for table in found]

    pages = glue.get_paginator("get_tables").paginate(
        DatabaseName=database, Expression="sales*", PaginationConfig={"PageSize": 50}
    )
    assert [table["Name"] for page in pages for table in page["TableList"]] == names
    assert listed() == names[:100]
    assert listed(Expression=".*ale") == ["wholesale"]
    assert listed(Expression="sales_00[12]", MaxResults=1) == ["sales_001"]
    assert listed(Expression="sales") == []
    (found,) = glue.get_tables(
        DatabaseName=database, Expression="wholesale", AttributesToGet=["NAME", "TABLE_TYPE"]
    )["TableList"]
    assert found.keys() == {"Name", "DatabaseName", "CatalogId", "TableType"}


def test_pages_and_patterns_out_of_bounds_are_refused(glue: Any, database: str) -> None:
    def told(**request: Any) -> str:
        return refused(glue.get_tables, DatabaseName=database, **request)[0]

    assert told(NextToken="7") == "InvalidInputException"
    assert told(Expression="(open") == "InvalidInputException"
    assert told(MaxResults=101) == "ValidationException"
    assert told(AttributesToGet=["TABLE_TYPE"]) == "InvalidInputException"
    for name in ("a", "b"):
        glue.create_table(DatabaseName=database, TableInput=definition(name))
    token = glue.get_tables(DatabaseName=database, MaxResults=1)["NextToken"]
    assert refused(glue.get_databases, NextToken=token)[0] == "InvalidInputException"


def test_an_update_makes_a_version_and_refuses_one_made_from_a_former(
    glue: Any, database: str
) -> None:
    glue.create_table(DatabaseName=database, TableInput=definition("t"))
    wider = definition("t", Parameters={"n": "1"})
    glue.update_table(DatabaseName=database, TableInput=wider, VersionId="0")

    found = glue.get_table(DatabaseName=database, Name="t")["Table"]
    stale = refused(glue.update_table, DatabaseName=database, TableInput=wider, VersionId="0")

    assert (found["VersionId"], found["Parameters"]) == ("1", {"n": "1"})
    assert found["UpdateTime"] > found["CreateTime"]
    assert stale == (
        "ConcurrentModificationException",
        "Update table failed due to concurrent modifications.",
    )


def test_of_updates_made_from_one_version_at_once_one_comes_through(
    glue: Any, database: str
) -> None:
    glue.create_table(DatabaseName=database, TableInput=definition("t"))

    def updated(number: int) -> str:
        wanted = definition("t", Description=str(number))
        try:
            glue.update_table(DatabaseName=database, TableInput=wanted, VersionId="0")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return f"made {number}"

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(updated, range(8)))

    found = glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert told[:7] == ["ConcurrentModificationException"] * 7
    assert told[7] == f"made {found['Description']}"
    assert found["VersionId"] == "1"


def test_former_versions_are_kept_unless_the_update_says_otherwise(
    glue: Any, database: str
) -> None:
    glue.create_table(DatabaseName=database, TableInput=definition("t", Description="0"))
    for number in (1, 2, 3):
        glue.update_table(
            DatabaseName=database,
            TableInput=definition("t", Description=str(number)),
            SkipArchive=number == 2,
        )
    of_table = {"DatabaseName": database, "TableName": "t"}

    pages = glue.get_paginator("get_table_versions").paginate(
        **of_table, PaginationConfig={"PageSize": 2}
    )
    listed = [version for page in pages for version in page["TableVersions"]]

    assert [version["VersionId"] for version in listed] == ["3", "2", "0"]
    assert [version["Table"]["Description"] for version in listed] == ["3", "2", "0"]
    first = glue.get_table_version(**of_table, VersionId="0")["TableVersion"]
    assert (first["VersionId"], first["Table"]["Description"]) == ("0", "0")
    assert glue.get_table_version(**of_table)["TableVersion"]["VersionId"] == "3"
    missing = refused(glue.get_table_version, **of_table, VersionId="1")
    assert missing[0] == "EntityNotFoundException"
    worded = refused(glue.get_table_version, **of_table, VersionId="one")
    assert worded[0] == "InvalidInputException"


def test_versions_are_deleted_but_the_current_one(glue: Any, database: str) -> None:
    glue.create_table(DatabaseName=database, TableInput=definition("t"))
    for _ in range(3):
        glue.update_table(DatabaseName=database, TableInput=definition("t"))
    of_table = {"DatabaseName": database, "TableName": "t"}

    glue.delete_table_version(**of_table, VersionId="0")
    errors = glue.batch_delete_table_version(**of_table, VersionIds=["1", "3", "7"])["Errors"]

    kept = glue.get_table_versions(**of_table)["TableVersions"]
    assert [version["VersionId"] for version in kept] == ["3", "2"]
    assert [(error["VersionId"], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [
        ("3", "InvalidInputException"),
        ("7", "EntityNotFoundException"),
    ]


def test_deleted_tables_are_gone_with_partitions_and_versions(glue: Any, database: str) -> None:
    for name in ("a", "b", "c"):
        glue.create_table(DatabaseName=database, TableInput=definition(name, PartitionKeys=KEYS))
    of_a = {"DatabaseName": database, "TableName": "a"}
    glue.create_partition(**of_a, PartitionInput=partition("1", "x"))

    glue.delete_table(DatabaseName=database, Name="A")
    answer = glue.batch_delete_table(DatabaseName=database, TablesToDelete=["b", "missing"])

    assert [t["Name"] for t in glue.get_tables(DatabaseName=database)["TableList"]] == ["c"]
    assert answer["Errors"] == [
        {
            "TableName": "missing",
            "ErrorDetail": {
                "ErrorCode": "EntityNotFoundException",
                "ErrorMessage": "Table missing not found",
            },
        }
    ]
    gone = ("EntityNotFoundException", "Table a not found.")
    assert refused(glue.get_table, DatabaseName=database, Name="a") == gone
    assert refused(glue.delete_table, DatabaseName=database, Name="a") == gone
    assert refused(glue.update_table, DatabaseName=database, TableInput=definition("a")) == gone
    assert refused(glue.get_partitions, **of_a) == gone
    assert refused(glue.get_table_versions, **of_a) == gone
    glue.create_table(DatabaseName=database, TableInput=definition("a", PartitionKeys=KEYS))
    assert glue.get_partitions(**of_a)["Partitions"] == []
    assert glue.get_table(DatabaseName=database, Name="a")["Table"]["VersionId"] == "0"


def test_tables_that_cannot_be_made_are_told(glue: Any, database: str) -> None:
    def told(**request: Any) -> tuple[str, str]:
        return refused(glue.create_table, DatabaseName=database, **request)

    glue.create_table(DatabaseName=database, TableInput=definition("t"))
    keyed = [{"Name": "k", "Type": "string", "Parameters": {"a": "b"}}]
    assert told(TableInput=definition("T")) == ("AlreadyExistsException", "Table already exists.")
    assert told(TableInput=definition("u", PartitionKeys=keyed)) == (
        "InvalidInputException",
        "Parameters not supported for partition columns",
    )
    iceberg = {"IcebergInput": {"MetadataOperation": "CREATE"}}
    code, message = told(TableInput=definition("u"), OpenTableFormatInput=iceberg)
    assert (code, "OpenTableFormatInput" in message) == ("InvalidInputException", True)
    assert told(TableInput=definition("u" * 256))[0] == "ValidationException"


def test_a_request_without_what_is_required_is_refused_not_failed(edge: Any) -> None:
    answer = requests.post(
        edge.url,
        data=json.dumps({"Name": "t"}),
        headers={
            "X-Amz-Target": "AWSGlue.GetTable",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}",
        },
        timeout=30,
    )

    assert answer.status_code == 400
    assert answer.json()["__type"] == "ValidationException"
    assert "Value null at 'databaseName'" in answer.json()["Message"]


def test_tables_are_searched_by_text_and_property(glue: Any, database: str) -> None:
    mark = uuid.uuid4().hex[:8]
    glue.create_table(
        DatabaseName=database,
        TableInput=definition(f"one_{mark}", Parameters={"classification": "csv"}),
    )
    glue.create_table(
        DatabaseName=database,
        TableInput=definition("two", Description=f"About {mark.upper()} and more"),
    )
    in_database = [{"Key": "DatabaseName", "Value": database}]

    def found(**request: Any) -> list[str]:
        return [table["Name"] for table in glue.search_tables(**request)["TableList"]]

    assert found(SearchText=mark) == [f"one_{mark}", "two"]
    assert found(SearchText=f"more {mark}") == ["two"]
    assert found(SearchText='"two"', Filters=in_database) == ["two"]
    assert found(SearchText="'tw'", Filters=in_database) == []
    newest_first = [{"FieldName": "CreateTime", "Sort": "DESC"}]
    assert found(Filters=in_database, SortCriteria=newest_first) == ["two", f"one_{mark}"]
    csv = [{"Key": "Parameters.classification", "Value": "csv"}, *in_database]
    assert found(Filters=csv) == [f"one_{mark}"]
    first = glue.search_tables(Filters=in_database, MaxResults=1)
    rest = glue.search_tables(Filters=in_database, MaxResults=1, NextToken=first["NextToken"])
    assert [table["Name"] for table in rest["TableList"]] == ["two"]
    assert "NextToken" not in rest
    wrong = refused(glue.search_tables, Filters=[{"Key": "Colour", "Value": "red"}])
    assert wrong[0] == "InvalidInputException"
