"""What one account has in one region is seen by no other: the Data Catalog and Athena."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from tests.support.errors import refused
from tests.support.queries import BUCKET, Queries

OTHER = "111111111111"
Clients = Callable[[str, str, str], Any]


@pytest.fixture
def client(edge: Any) -> Clients:
    """By service, account and region."""
    return lambda service, account, region: boto3.client(
        service,
        endpoint_url=edge.url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="test",
    )


@pytest.fixture
def name(client: Clients, athena: Queries) -> Iterator[str]:
    """A database of one name in two accounts and two regions."""
    del athena  # whose bucket the tables lie in
    name = f"d{uuid.uuid4().hex[:8]}"
    places = [("test", "us-east-1"), (OTHER, "us-east-1"), ("test", "eu-central-1")]
    for account, region in places:
        client("glue", account, region).create_database(
            DatabaseInput={"Name": name, "Description": f"{account} {region}"},
            Tags={"whose": f"{account} {region}"},
        )
    yield name
    for account, region in places:
        glue = client("glue", account, region)
        if any(one["Name"] == name for one in glue.get_databases()["DatabaseList"]):
            glue.delete_database(Name=name)


def test_databases_of_one_name_are_of_an_account_and_a_region_each(
    client: Clients, name: str
) -> None:
    for account, region in ((OTHER, "us-east-1"), ("test", "eu-central-1"), ("test", "us-east-1")):
        glue = client("glue", account, region)
        found = glue.get_database(Name=name)["Database"]
        assert found["Description"] == f"{account} {region}"
        own = OTHER if account == OTHER else "000000000000"
        assert found["CatalogId"] == own
        arn = f"arn:aws:glue:{region}:{own}:database/{name}"
        assert glue.get_tags(ResourceArn=arn)["Tags"] == {"whose": f"{account} {region}"}


def test_a_clean_up_of_one_account_leaves_the_catalogs_of_others(
    client: Clients, name: str
) -> None:
    mine, other = client("glue", "test", "us-east-1"), client("glue", OTHER, "us-east-1")
    mine.create_table(DatabaseName=name, TableInput={"Name": "kept"})
    assert other.get_tables(DatabaseName=name)["TableList"] == []
    for one in other.get_databases()["DatabaseList"]:
        other.delete_database(Name=one["Name"])

    assert [one["Name"] for one in mine.get_tables(DatabaseName=name)["TableList"]] == ["kept"]
    assert (
        client("glue", "test", "eu-central-1").get_database(Name=name)["Database"]["Name"] == name
    )


def test_a_query_sees_the_catalog_of_its_own_account(client: Clients, edge: Any, name: str) -> None:
    edge.client("s3").put_object(Bucket=BUCKET, Key=f"{name}/a.csv", Body=b"1\n")
    athena = Queries(edge, name)
    athena.client = client("athena", OTHER, "us-east-1")
    athena.run(f"CREATE EXTERNAL TABLE t (a int) LOCATION 's3://{BUCKET}/{name}/'")

    assert athena.rows("SELECT * FROM t") == [["a"], ["1"]]
    assert Queries(edge, name).fails("SELECT * FROM t").startswith("TABLE_NOT_FOUND")


def test_workgroups_queries_and_statements_are_of_an_account_and_a_region_each(
    client: Clients, edge: Any, name: str
) -> None:
    mine, other = client("athena", "test", "us-east-1"), client("athena", OTHER, "us-east-1")
    abroad = client("athena", "test", "eu-central-1")
    for one in (mine, other, abroad):
        one.create_work_group(Name=name, Configuration={"EnforceWorkGroupConfiguration": False})
        one.create_prepared_statement(
            StatementName="one", WorkGroup=name, QueryStatement="SELECT 1"
        )
        assert [group["Name"] for group in one.list_work_groups()["WorkGroups"]].count(name) == 1
        assert one.get_work_group(WorkGroup="primary")["WorkGroup"]["State"] == "ENABLED"
    query = mine.create_named_query(
        Name="q", Database=name, QueryString="SELECT 1", WorkGroup=name
    )["NamedQueryId"]
    run = Queries(edge, name).run("SELECT 1", WorkGroup=name)["QueryExecutionId"]

    assert refused(other.get_query_execution, QueryExecutionId=run)[0] == "InvalidRequestException"
    assert refused(abroad.get_query_results, QueryExecutionId=run)[0] == "InvalidRequestException"
    assert refused(other.get_named_query, NamedQueryId=query)[0] == "InvalidRequestException"
    assert other.list_query_executions(WorkGroup=name)["QueryExecutionIds"] == []
    other.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
    assert mine.get_query_execution(QueryExecutionId=run)["QueryExecution"]["WorkGroup"] == name
    assert mine.get_prepared_statement(StatementName="one", WorkGroup=name)
    assert refused(other.get_work_group, WorkGroup=name)[0] == "InvalidRequestException"
    for one in (mine, abroad):
        one.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
