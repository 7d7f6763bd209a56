"""Athena's workgroups, named queries, prepared statements and tags."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from tests.support.queries import Queries, storage_options


@pytest.fixture(scope="module")
def athena(edge: Any) -> Queries:
    return Queries(edge, "default")


@pytest.fixture
def workgroup(athena: Queries) -> Iterator[str]:
    name = f"group-{uuid.uuid4().hex[:8]}"
    athena.client.create_work_group(
        Name=name,
        Description="of a test",
        Configuration={"ResultConfiguration": {"OutputLocation": "s3://athena-results/own/"}},
        Tags=[{"Key": "project", "Value": "6"}],
    )
    yield name
    athena.client.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)


def test_the_primary_workgroup_is_there_as_on_aws(athena: Queries) -> None:
    found = athena.client.get_work_group(WorkGroup="primary")["WorkGroup"]
    assert found["State"] == "ENABLED"
    assert found["Configuration"] == {
        "ResultConfiguration": {},
        "EnforceWorkGroupConfiguration": False,
        "PublishCloudWatchMetricsEnabled": False,
        "RequesterPaysEnabled": False,
        "EngineVersion": {
            "SelectedEngineVersion": "AUTO",
            "EffectiveEngineVersion": "Athena engine version 3",
        },
        "EnableMinimumEncryptionConfiguration": False,
    }
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="primary"):
        athena.client.delete_work_group(WorkGroup="primary")


def test_an_enforced_workgroup_has_its_own_place_for_results(
    athena: Queries, workgroup: str
) -> None:
    enforced = athena.run("SELECT 1", WorkGroup=workgroup)["ResultConfiguration"]
    athena.client.update_work_group(
        WorkGroup=workgroup, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False}
    )
    free = athena.run("SELECT 1", WorkGroup=workgroup)["ResultConfiguration"]

    assert enforced["OutputLocation"].startswith("s3://athena-results/own/")
    assert free["OutputLocation"].startswith("s3://athena-results/queries/")


def test_a_disabled_workgroup_runs_nothing_and_one_with_a_query_is_not_empty(
    athena: Queries, workgroup: str
) -> None:
    invalid = athena.client.exceptions.InvalidRequestException
    athena.run("SELECT 1", WorkGroup=workgroup)
    athena.client.update_work_group(WorkGroup=workgroup, State="DISABLED")

    with pytest.raises(invalid, match="is disabled"):
        athena.start("SELECT 1", WorkGroup=workgroup)
    with pytest.raises(invalid, match="is not empty"):
        athena.client.delete_work_group(WorkGroup=workgroup)
    with pytest.raises(invalid, match="already created"):
        athena.client.create_work_group(Name=workgroup)


def test_a_query_that_would_scan_more_than_its_workgroup_allows_is_cancelled(
    athena: Queries, workgroup: str, edge: Any
) -> None:
    edge.client("s3").create_bucket(Bucket="athena-cutoff")
    rows = pa.table({"small": [1] * 1200, "large": [os.urandom(10_000) for _ in range(1200)]})
    write_deltalake("s3://athena-cutoff/wide", rows, storage_options=storage_options(edge))
    athena.run("CREATE DATABASE IF NOT EXISTS cutoff_db")
    athena.run(
        "CREATE EXTERNAL TABLE cutoff_db.wide LOCATION 's3://athena-cutoff/wide'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )
    athena.client.update_work_group(
        WorkGroup=workgroup, ConfigurationUpdates={"BytesScannedCutoffPerQuery": 10_000_000}
    )

    ended = athena.end(athena.start("SELECT * FROM cutoff_db.wide", WorkGroup=workgroup))
    assert ended["Status"]["State"] == "CANCELLED"
    assert "Bytes scanned limit was exceeded" in ended["Status"]["StateChangeReason"]
    found = athena.rows("SELECT sum(small) AS n FROM cutoff_db.wide", WorkGroup=workgroup)
    assert found == [["n"], ["1200"]]
    athena.run("DROP DATABASE cutoff_db CASCADE")


def test_workgroups_and_their_tags_are_listed(athena: Queries, workgroup: str) -> None:
    arn = f"arn:aws:athena:us-east-1:000000000000:workgroup/{workgroup}"
    athena.client.tag_resource(ResourceARN=arn, Tags=[{"Key": "stage", "Value": "test"}])
    athena.client.untag_resource(ResourceARN=arn, TagKeys=["project"])

    names = [one["Name"] for one in athena.client.list_work_groups()["WorkGroups"]]
    assert names[0] == "primary" and workgroup in names
    tags = athena.client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "stage", "Value": "test"}]
    with pytest.raises(athena.client.exceptions.ResourceNotFoundException):
        athena.client.list_tags_for_resource(ResourceARN=f"{arn}-unknown")


def test_a_named_query_is_kept_changed_and_deleted(athena: Queries, workgroup: str) -> None:
    client = athena.client
    identifier = client.create_named_query(
        Name="daily", Database="gold_db", QueryString="SELECT 1", WorkGroup=workgroup
    )["NamedQueryId"]
    client.update_named_query(NamedQueryId=identifier, Name="daily", QueryString="SELECT 2")

    assert client.get_named_query(NamedQueryId=identifier)["NamedQuery"] == {
        "Name": "daily",
        "Database": "gold_db",
        "QueryString": "SELECT 2",
        "NamedQueryId": identifier,
        "WorkGroup": workgroup,
    }
    assert client.list_named_queries(WorkGroup=workgroup)["NamedQueryIds"] == [identifier]
    client.delete_named_query(NamedQueryId=identifier)
    batch = client.batch_get_named_query(NamedQueryIds=[identifier])
    assert batch["NamedQueries"] == []
    assert [one["NamedQueryId"] for one in batch["UnprocessedNamedQueryIds"]] == [identifier]


def test_a_prepared_statement_belongs_to_its_workgroup(athena: Queries, workgroup: str) -> None:
    client = athena.client
    known = {"StatementName": "plus", "WorkGroup": workgroup}
    client.create_prepared_statement(**known, QueryStatement="SELECT ? + 1 AS n")

    assert athena.rows("EXECUTE plus USING 4", WorkGroup=workgroup) == [["n"], ["5"]]
    listed = client.list_prepared_statements(WorkGroup=workgroup)["PreparedStatements"]
    assert [one["StatementName"] for one in listed] == ["plus"]
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_prepared_statement(StatementName="plus", WorkGroup="primary")
    client.delete_prepared_statement(**known)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.delete_prepared_statement(**known)
