"""Queries that fail and statements that are refused, each with what and where."""

from __future__ import annotations

import pytest

from tests.support.queries import Queries


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "SELECT nope FROM spend",
            "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved or requester is not"
            " authorized to access requested resources",
        ),
        (
            "SELECT *\nFROM nowhere",
            "TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.athena_db.nowhere' does not exist",
        ),
        (
            "SELECT * FROM no_db.spend",
            "SCHEMA_NOT_FOUND: line 1:15: Schema 'no_db' does not exist",
        ),
        (
            "SELECT sondex(channel) FROM spend",
            "FUNCTION_NOT_FOUND: line 1:8: Function 'sondex' not registered",
        ),
        (
            "SELECT 1 FROM spend WHERE channel = 1",
            "TYPE_MISMATCH: line 1:27: Cannot apply operator: varchar = integer",
        ),
        ("SELECT 1 / 0", "DIVISION_BY_ZERO: Division by zero"),
        (
            "SELECT CAST('x' AS integer)",
            "INVALID_CAST_ARGUMENT: Cannot cast 'x' to integer",
        ),
        (
            "INSERT INTO spend SELECT * FROM spend",
            "NOT_SUPPORTED: Delta Lake tables are read-only in Athena: INSERT is not supported",
        ),
        (
            "CREATE TABLE made WITH (table_type = 'ICEBERG', is_external = false,"
            " location = 's3://made/') AS SELECT 1 AS id",
            "NOT_SUPPORTED: CTAS of a table of the type ICEBERG, other than HIVE, is not supported"
            " here",
        ),
        (
            "CREATE TABLE made WITH (external_location = 's3://made/', bucketed_by = ARRAY['id'],"
            " bucket_count = 4) AS SELECT 1 AS id",
            "NOT_SUPPORTED: CTAS of a table in buckets is not supported here",
        ),
    ],
)
def test_a_query_that_cannot_be_run_says_what_and_where(
    athena: Queries, sql: str, reason: str
) -> None:
    assert athena.fails(sql) == reason


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('/tmp/x.parquet')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        'SELECT * FROM "/etc/passwd"',
        "SELECT getenv('HOME')",
    ],
)
def test_a_query_sees_no_local_file_and_nothing_of_the_engine(athena: Queries, sql: str) -> None:
    assert athena.fails(sql).startswith(("FUNCTION_NOT_FOUND", "TABLE_NOT_FOUND"))


@pytest.mark.parametrize(
    "sql",
    [
        "COPY spend TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SET threads = 1",
        "SELEC 1",
        "SELECT 1 +",
        "SELECT 1; SELECT 2",
        "DELETE FROM spend",
        "UPDATE spend SET amount = 1",
        "MERGE INTO spend USING spend ON true WHEN MATCHED THEN DELETE",
        "CREATE TABLE t (a int)",
    ],
)
def test_what_is_no_statement_of_athena_is_refused_when_it_is_sent(
    athena: Queries, sql: str
) -> None:
    with pytest.raises(athena.client.exceptions.InvalidRequestException) as raised:
        athena.start(sql)
    assert raised.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"
