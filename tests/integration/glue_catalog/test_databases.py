"""Databases of the Data Catalog on the live edge, and what is refused."""

from __future__ import annotations

import uuid
from typing import Any

from tests.support.data_catalog import ACCOUNT, KEYS, definition, partition
from tests.support.errors import refused


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
