"""The Glue Data Catalog on the live edge: every operation, and what each refuses."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.process_stack import ProcessStack

ACCOUNT = "000000000000"
SCOPE = "test/20260101/us-east-1/glue/aws4_request"
COLUMNS = [{"Name": "id", "Type": "bigint"}, {"Name": "name", "Type": "string"}]
KEYS = [{"Name": "year", "Type": "int"}, {"Name": "place", "Type": "string"}]


@pytest.fixture(scope="session")
def glue(edge: Any) -> Any:
    return edge.client("glue")


@pytest.fixture
def database(glue: Any) -> Iterator[str]:
    name = f"db_{uuid.uuid4().hex[:8]}"
    glue.create_database(DatabaseInput={"Name": name})
    yield name
    glue.delete_database(Name=name)


@pytest.fixture
def table(glue: Any, database: str) -> str:
    """Partitioned by year and place."""
    glue.create_table(DatabaseName=database, TableInput=definition("t", PartitionKeys=KEYS))
    return "t"


def definition(name: str, **changes: Any) -> dict[str, Any]:
    storage = {"Columns": COLUMNS, "Location": f"s3://bucket/{name}/"}
    return {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage, **changes}


def partition(*values: str, **changes: Any) -> dict[str, Any]:
    location = "/".join(("s3://bucket/t", *values))
    return {
        "Values": list(values),
        "StorageDescriptor": {"Columns": COLUMNS, "Location": location},
        **changes,
    }


def refused(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**request)
    told = error.value.response["Error"]
    return told["Code"], told["Message"]


def values_of(answer: dict[str, Any]) -> list[list[str]]:
    return [found["Values"] for found in answer["Partitions"]]


# Databases ---------------------------------------------------------------------------------------


def test_a_database_is_answered_in_lower_case_with_what_glue_adds(glue: Any) -> None:
    name = f"Db_{uuid.uuid4().hex[:8]}"
    glue.create_database(
        DatabaseInput={"Name": name, "Description": "d", "Parameters": {"a": "1"}},
        Tags={"project": "6"},
    )
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/{name.lower()}"

    found = glue.get_database(Name=name.upper())["Database"]
    tags = glue.get_tags(ResourceArn=arn)["Tags"]
    glue.delete_database(Name=name)

    assert found.pop("CreateTime").year >= 2026
    assert found == {
        "Name": name.lower(),
        "Description": "d",
        "Parameters": {"a": "1"},
        "CatalogId": ACCOUNT,
        "CreateTableDefaultPermissions": [
            {
                "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
                "Permissions": ["ALL"],
            }
        ],
    }
    assert tags == {"project": "6"}
    assert refused(glue.get_tags, ResourceArn=arn)[0] == "EntityNotFoundException"


def test_tags_of_a_database_are_changed_by_its_arn(glue: Any, database: str) -> None:
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/{database}"

    glue.tag_resource(ResourceArn=arn, TagsToAdd={"project": "6", "team": "a"})
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"team": "b"})
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["project", "never"])

    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "b"}
    many = {f"tag{number}": "" for number in range(50)}
    code, _ = refused(glue.tag_resource, ResourceArn=arn, TagsToAdd=many)
    assert code == "InvalidInputException"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "b"}
    for unknown in (arn.replace("us-east-1", "eu-west-1"), arn + "x", "arn:aws:glue:::table/a/b"):
        assert refused(glue.get_tags, ResourceArn=unknown)[0] == "EntityNotFoundException"


def test_databases_are_listed_in_pages(glue: Any, database: str) -> None:
    others = [f"{database}_{number}" for number in range(3)]
    for name in others:
        glue.create_database(DatabaseInput={"Name": name})

    pages = glue.get_paginator("get_databases").paginate(PaginationConfig={"PageSize": 2})
    listed = [found["Name"] for page in pages for found in page["DatabaseList"]]
    for name in others:
        glue.delete_database(Name=name)

    assert [name for name in listed if name.startswith(database)] == [database, *others]
    assert len(listed) == len(set(listed))
    assert glue.get_databases(ResourceShareType="FOREIGN")["DatabaseList"] == []
    found = glue.get_databases(AttributesToGet=["NAME"])["DatabaseList"]
    assert {"Name": database, "CatalogId": ACCOUNT} in found


def test_an_updated_database_has_the_new_definition_alone(glue: Any, database: str) -> None:
    before = glue.get_database(Name=database)["Database"]
    glue.update_database(Name=database, DatabaseInput={"Name": database, "LocationUri": "s3://b/"})

    found = glue.get_database(Name=database)["Database"]

    assert found["LocationUri"] == "s3://b/"
    assert found["CreateTime"] == before["CreateTime"]
    renamed = {"Name": database, "DatabaseInput": {"Name": "other"}}
    assert refused(glue.update_database, **renamed)[0] == "InvalidInputException"


def test_a_deleted_database_takes_its_tables_along(glue: Any) -> None:
    name = f"db_{uuid.uuid4().hex[:8]}"
    glue.create_database(DatabaseInput={"Name": name})
    glue.create_table(DatabaseName=name, TableInput=definition("t", PartitionKeys=KEYS))
    glue.create_partition(DatabaseName=name, TableName="t", PartitionInput=partition("1", "a"))
    glue.delete_database(Name=name)
    glue.create_database(DatabaseInput={"Name": name})

    tables = glue.get_tables(DatabaseName=name)["TableList"]
    glue.delete_database(Name=name)

    assert tables == []


def test_databases_that_are_not_there_or_there_already_are_told(glue: Any, database: str) -> None:
    gone = ("EntityNotFoundException", "Database nowhere not found.")
    new = {"Name": "nowhere"}
    assert refused(glue.get_database, Name="nowhere") == gone
    assert refused(glue.delete_database, Name="nowhere") == gone
    assert refused(glue.update_database, Name="nowhere", DatabaseInput=new) == gone
    assert refused(glue.get_tables, DatabaseName="nowhere") == gone
    assert refused(glue.get_table, DatabaseName="nowhere", Name="t") == gone
    assert refused(glue.create_table, DatabaseName="nowhere", TableInput=definition("t")) == gone
    again = {"DatabaseInput": {"Name": database.upper()}}
    assert refused(glue.create_database, **again) == (
        "AlreadyExistsException",
        "Database already exists.",
    )


def test_links_federations_and_other_catalogs_are_refused(glue: Any, database: str) -> None:
    link = {"Name": "l", "TargetDatabase": {"CatalogId": ACCOUNT, "DatabaseName": database}}
    assert refused(glue.create_database, DatabaseInput=link)[0] == "InvalidInputException"
    other = {"CatalogId": "111111111111"}
    assert refused(glue.get_databases, **other) == (
        "EntityNotFoundException",
        "Catalog 111111111111 not found.",
    )
    assert refused(glue.get_table, DatabaseName=database, Name="t", **other)[0] == (
        "EntityNotFoundException"
    )
    assert glue.get_database(Name=database, CatalogId=ACCOUNT)["Database"]["Name"] == database
    assert glue.get_catalog(CatalogId=ACCOUNT)["Catalog"]["Name"] == ACCOUNT
    assert glue.get_catalogs()["CatalogList"] == []


# Tables ------------------------------------------------------------------------------------------


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


# Partitions --------------------------------------------------------------------------------------


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


# Restart, CloudFormation -------------------------------------------------------------------------


def test_the_catalog_survives_the_death_of_the_edge(tmp_path: Any) -> None:
    stack = ProcessStack(tmp_path / "stack")
    stack.start_edge()
    try:
        glue = stack.client("glue")
        glue.create_database(DatabaseInput={"Name": "d"}, Tags={"project": "6"})
        glue.create_table(DatabaseName="d", TableInput=definition("t", PartitionKeys=KEYS))
        glue.update_table(DatabaseName="d", TableInput=definition("t", PartitionKeys=KEYS))
        of_table = {"DatabaseName": "d", "TableName": "t"}
        made = [partition(str(number), "a") for number in range(100)]
        glue.batch_create_partition(**of_table, PartitionInputList=made)
        token = glue.get_partitions(**of_table, MaxResults=98)["NextToken"]

        stack.kill("edge")
        stack.start_edge()

        assert glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"] == "1"
        assert len(glue.get_table_versions(**of_table)["TableVersions"]) == 2
        rest = glue.get_partitions(**of_table, NextToken=token)
        assert values_of(rest) == [["98", "a"], ["99", "a"]]
        arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/d"
        assert glue.get_tags(ResourceArn=arn)["Tags"] == {"project": "6"}
    finally:
        stack.stop_all()


def test_a_stack_makes_changes_and_deletes_a_database_and_a_table(edge: Any, glue: Any) -> None:
    stacks, name = edge.client("cloudformation"), f"catalog-{uuid.uuid4().hex[:8]}"
    database = name.replace("-", "_")

    def template(description: str, table: str = "t") -> str:
        return json.dumps(
            {
                "Resources": {
                    "Db": {
                        "Type": "AWS::Glue::Database",
                        "Properties": {
                            "CatalogId": {"Ref": "AWS::AccountId"},
                            "DatabaseInput": {"Name": database, "Description": description},
                        },
                    },
                    "Table": {
                        "Type": "AWS::Glue::Table",
                        "Properties": {
                            "CatalogId": {"Ref": "AWS::AccountId"},
                            "DatabaseName": {"Ref": "Db"},
                            "TableInput": definition(
                                table,
                                Description=description,
                                Parameters={"EXTERNAL": True, "n": 1},
                            ),
                        },
                    },
                },
                "Outputs": {"Table": {"Value": {"Ref": "Table"}}},
            }
        )

    stacks.create_stack(StackName=name, TemplateBody=template("first"))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    made = glue.get_table(DatabaseName=database, Name="t")["Table"]
    (output,) = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]

    stacks.update_stack(StackName=name, TemplateBody=template("second"))
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    changed = glue.get_table(DatabaseName=database, Name="t")["Table"]
    described = glue.get_database(Name=database)["Database"]["Description"]

    stacks.update_stack(StackName=name, TemplateBody=template("second", "other"))
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    renamed = [table["Name"] for table in glue.get_tables(DatabaseName=database)["TableList"]]

    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})

    assert made["Parameters"] == {"EXTERNAL": "true", "n": "1"}
    assert output["OutputValue"] == "t"
    assert (made["VersionId"], made["Description"]) == ("0", "first")
    assert (changed["VersionId"], changed["Description"]) == ("1", "second")
    assert described == "second"
    assert renamed == ["other"]
    assert refused(glue.get_database, Name=database)[0] == "EntityNotFoundException"
