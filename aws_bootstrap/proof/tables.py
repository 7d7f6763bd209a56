"""A run's silver and gold tables, made known to Athena and read through it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aws_bootstrap.proof.comparison import Column, Table
from aws_bootstrap.proof.sides import Side, UnjudgedError
from pipeline.names import GOLD, SILVER

QUERIES_AT_ONCE = 2
POLL_SECONDS = 0.3


def read_all(side: Side, goes_on: Callable[[], None]) -> dict[str, Table]:
    """Every table of the run by name; one that no job has made is left out."""
    side.make_client("glue").create_database(
        DatabaseInput={"Name": side.database, "Description": "Of lake promote prove; temporary"}
    )
    athena, present = side.make_client("athena"), _present(side)
    with ThreadPoolExecutor(QUERIES_AT_ONCE) as pool:
        found = pool.map(lambda name: _read(athena, side, name, present[name], goes_on), present)
        return dict(zip(present, found, strict=True))


def _present(side: Side) -> dict[str, str]:
    """The addresses of the tables that are there, by name."""
    s3, found = side.make_client("s3"), {}
    names = side.names
    for bucket, tables in ((names.silver_bucket, SILVER), (names.gold_bucket, GOLD)):
        for table in tables:
            log = f"{side.folder}{table}/_delta_log/"
            if s3.list_objects_v2(Bucket=bucket, Prefix=log, MaxKeys=1).get("Contents"):
                found[table] = f"s3://{bucket}/{side.folder}{table}/"
    return found


def _read(athena: Any, side: Side, table: str, address: str, goes_on: Callable[[], None]) -> Table:
    # https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables-getting-started.html
    ddl = (
        f"CREATE EXTERNAL TABLE `{side.database}`.`{table}` LOCATION '{address}'"
        " TBLPROPERTIES ('table_type' = 'DELTA')"
    )
    _query(athena, side, ddl, goes_on)
    query = _query(athena, side, f'SELECT * FROM "{side.database}"."{table}"', goes_on)
    columns: tuple[Column, ...] = ()
    rows: list[tuple[str | None, ...]] = []
    for page in athena.get_paginator("get_query_results").paginate(QueryExecutionId=query):
        found = page["ResultSet"]
        told = found["ResultSetMetadata"]["ColumnInfo"]
        columns = tuple(Column(info["Name"], info["Type"]) for info in told)
        rows += [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in found["Rows"]]
    return Table(table, columns, tuple(rows[1:]))  # the first holds the columns' names


def _query(athena: Any, side: Side, text: str, goes_on: Callable[[], None]) -> str:
    results = f"s3://{side.names.gold_bucket}/{side.folder}_athena/"
    query: str = athena.start_query_execution(
        QueryString=text,
        QueryExecutionContext={"Database": side.database},
        ResultConfiguration={"OutputLocation": results},
    )["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return query
        if status["State"] in ("FAILED", "CANCELLED"):
            raise UnjudgedError(
                f"Athena on the {side.name} could not do this:"
                f" {status.get('StateChangeReason', status['State'])}\n  {text}"
            )
        goes_on()
        time.sleep(POLL_SECONDS)
