"""awswrangler's `catalog` functions, unchanged, against the endpoint."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import awswrangler as wr
import boto3
import pytest
from awswrangler import catalog

TYPES = {"id": "bigint", "name": "string"}
YEARS = {"year": "int", "month": "int"}


@pytest.fixture(scope="module", autouse=True)
def session(edge: Any) -> Iterator[boto3.Session]:
    wr.config.glue_endpoint_url = edge.url
    boto3.setup_default_session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    )
    yield boto3.DEFAULT_SESSION
    wr.config.reset("glue_endpoint_url")
    boto3.DEFAULT_SESSION = None


@pytest.fixture
def database(session: Any) -> Iterator[str]:
    name = f"wr_{uuid.uuid4().hex[:8]}"
    catalog.create_database(name=name, description="made by awswrangler")
    yield name
    catalog.delete_database(name=name)


@pytest.fixture
def bookings(database: str) -> str:
    """A Parquet table by year and month, with four partitions."""
    catalog.create_parquet_table(
        database=database,
        table="bookings",
        path="s3://bucket/bookings/",
        columns_types=TYPES,
        partitions_types=YEARS,
        description="one row per booking",
        parameters={"owner": "team"},
        columns_comments={"id": "the key"},
    )
    catalog.add_parquet_partitions(
        database=database,
        table="bookings",
        partitions_values={
            f"s3://bucket/bookings/year={year}/month={month}/": [str(year), str(month)]
            for year in (2023, 2024)
            for month in (9, 10)
        },
    )
    return "bookings"


def test_databases_are_made_listed_and_changed(database: str) -> None:
    catalog.create_database(name=database, description="changed", exist_ok=True)
    with pytest.raises(wr.exceptions.AlreadyExists):
        catalog.create_database(name=database)

    described = {found["Name"]: found.get("Description") for found in catalog.get_databases()}

    assert described[database] == "changed"
    assert database in set(catalog.databases(limit=1000)["Database"])


def test_a_table_is_read_back_with_types_comments_and_place(database: str, bookings: str) -> None:
    of_table = {"database": database, "table": bookings}

    assert catalog.does_table_exist(**of_table)
    assert not catalog.does_table_exist(database=database, table="missing")
    assert catalog.get_table_types(**of_table) == {**TYPES, **YEARS}
    assert catalog.get_table_location(**of_table) == "s3://bucket/bookings/"
    assert catalog.get_table_description(**of_table) == "one row per booking"
    assert catalog.get_columns_comments(**of_table)["id"] == "the key"
    assert catalog.get_table_parameters(**of_table)["classification"] == "parquet"
    frame = catalog.table(**of_table)
    assert list(frame["Column Name"]) == ["id", "name", "year", "month"]
    assert list(frame["Partition"]) == [False, False, True, True]


def test_tables_are_found_by_parts_of_their_names_and_by_text(database: str, bookings: str) -> None:
    catalog.create_csv_table(
        database=database, table="spend", path="s3://bucket/spend/", columns_types={"day": "date"}
    )

    def names(**wanted: str) -> list[str]:
        return [table["Name"] for table in catalog.get_tables(database=database, **wanted)]

    assert names() == ["bookings", "spend"]
    assert names(name_prefix="book") == ["bookings"]
    assert names(name_suffix="nd") == ["spend"]
    assert names(name_contains="kin") == ["bookings"]
    assert names(name_prefix="s", name_suffix="d") == ["spend"]
    found = [table["Name"] for table in catalog.search_tables(text=f"{database} spend")]
    assert found == ["spend"]
    assert list(catalog.tables(database=database)["Table"]) == ["bookings", "spend"]


def test_partitions_are_read_filtered_and_deleted(database: str, bookings: str) -> None:
    of_table = {"database": database, "table": bookings}

    assert len(catalog.get_partitions(**of_table)) == 4
    assert catalog.get_parquet_partitions(**of_table, expression="month >= 10 AND year=2024") == {
        "s3://bucket/bookings/year=2024/month=10/": ["2024", "10"]
    }
    catalog.delete_partitions(**of_table, partitions_values=[["2024", "10"], ["2024", "9"]])
    assert sorted(catalog.get_partitions(**of_table).values()) == [["2023", "10"], ["2023", "9"]]
    catalog.delete_all_partitions(**of_table)
    assert catalog.get_partitions(**of_table) == {}


def test_changed_columns_and_parameters_make_versions(database: str, bookings: str) -> None:
    of_table = {"database": database, "table": bookings}
    catalog.add_column(
        **of_table, column_name="price", column_type="double", column_comment="in euro"
    )
    catalog.upsert_table_parameters(
        **of_table, parameters={"owner": "other", "checked": "yes"}, catalog_versioning=True
    )
    catalog.delete_column(**of_table, column_name="name")

    parameters = catalog.get_table_parameters(**of_table)
    types = catalog.get_table_types(**of_table)
    versions = list(catalog.get_table_versions(**of_table))

    assert (parameters["owner"], parameters["checked"]) == ("other", "yes")
    assert types == {"id": "bigint", "price": "double", **YEARS}
    assert [version["VersionId"] for version in versions] == ["3", "2", "1", "0"]
    assert catalog.get_table_number_of_versions(**of_table) == 4


def test_a_table_is_overwritten_and_deleted(database: str, bookings: str) -> None:
    of_table = {"database": database, "table": bookings}
    catalog.create_json_table(
        **of_table, path="s3://bucket/other/", columns_types={"only": "string"}, mode="overwrite"
    )

    assert catalog.get_table_types(**of_table) == {"only": "string"}
    assert catalog.get_partitions(**of_table) == {}
    assert catalog.delete_table_if_exists(**of_table) is True
    assert catalog.delete_table_if_exists(**of_table) is False
