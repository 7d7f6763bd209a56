"""Athena on the live edge: SELECT over Delta tables, results, states, limits, boundary cases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from deltalake import write_deltalake

from tests.support.queries import OUTPUT, Queries, storage_options
from tests.support.state_machines import Machine, task

BUCKET = "athena-lake"
RUNAWAY = (
    "SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a(x)"
    " CROSS JOIN UNNEST(sequence(1, 100000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 1000)) AS c(z)"
    " WHERE x * y % 7 = z % 11"
)


@pytest.fixture(scope="module")
def athena(edge: Any) -> Iterator[Queries]:
    """A database with one partitioned Delta table, overwritten twice."""
    edge.client("s3").create_bucket(Bucket=BUCKET)
    spend = pa.table(
        {
            "channel": ["youtube", "facebook", "tiktok", "youtube"],
            "amount": [381.76, 473.8, 1e7, 0.0005],
            "at": [dt.datetime(2026, 1, 14, 10, 30, 0, 123000, dt.UTC)] * 4,
            "padding": [uuid.uuid4().hex * 40 for _ in range(4)],
            "day": [dt.date(2026, 1, 14), dt.date(2026, 1, 14), dt.date(2026, 1, 15), None],
        }
    )
    for _ in range(2):
        write_deltalake(
            f"s3://{BUCKET}/spend",
            spend,
            mode="overwrite",
            partition_by=["day"],
            storage_options=storage_options(edge),
        )
    queries = Queries(edge, "athena_db")
    queries.run("CREATE DATABASE athena_db")
    queries.run(
        f"CREATE EXTERNAL TABLE spend LOCATION 's3://{BUCKET}/spend'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )
    yield queries
    queries.run("DROP DATABASE athena_db CASCADE")


def refused(code: str, call: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**request)
    assert raised.value.response["Error"]["Code"] == code
    return str(raised.value.response["Error"]["Message"])


def test_a_table_that_was_overwritten_twice_counts_once(athena: Queries) -> None:
    assert athena.rows("SELECT count(*) AS n FROM spend") == [["n"], ["4"]]


def test_values_types_and_nulls_are_written_as_athena_writes_them(athena: Queries) -> None:
    execution = athena.run(
        "SELECT channel, amount, at, day, 1 AS one, true AS yes, DECIMAL '1.50' AS exact,"
        " ARRAY[1, NULL] AS list, 'a \"b\"' AS quoted FROM spend ORDER BY amount DESC"
    )
    location = execution["ResultConfiguration"]["OutputLocation"]
    found = athena.results(execution["QueryExecutionId"])["ResultSet"]

    at = "2026-01-14 10:30:00.123 UTC"
    same = '"1","true","1.50","[1, null]","a ""b"""'
    assert location == f"{OUTPUT}{execution['QueryExecutionId']}.csv"
    assert athena.file(location).decode() == (
        '"channel","amount","at","day","one","yes","exact","list","quoted"\n'
        f'"tiktok","1.0E7","{at}","2026-01-15",{same}\n'
        f'"facebook","473.8","{at}","2026-01-14",{same}\n'
        f'"youtube","381.76","{at}","2026-01-14",{same}\n'
        f'"youtube","5.0E-4","{at}",,{same}\n'
    )
    assert [one["VarCharValue"] for one in found["Rows"][0]["Data"]][:2] == ["channel", "amount"]
    assert found["Rows"][4]["Data"][3] == {}
    info = {one["Name"]: one for one in found["ResultSetMetadata"]["ColumnInfo"]}
    assert {name: one["Type"] for name, one in info.items()} == {
        "channel": "varchar",
        "amount": "double",
        "at": "timestamp with time zone",
        "day": "date",
        "one": "integer",
        "yes": "boolean",
        "exact": "decimal",
        "list": "array",
        "quoted": "varchar",
    }
    assert info["channel"] == {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": "channel",
        "Label": "channel",
        "Type": "varchar",
        "Precision": 2147483647,
        "Scale": 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": True,
    }
    assert (info["one"]["Precision"], info["one"]["CaseSensitive"]) == (10, False)
    assert athena.file(f"{location}.metadata").startswith(b"ATH1")


def test_fewer_bytes_are_scanned_where_partitions_columns_and_statistics_say_so(
    athena: Queries,
) -> None:
    def scanned(sql: str) -> int:
        return int(athena.run(sql)["Statistics"]["DataScannedInBytes"])

    everything = scanned("SELECT * FROM spend")
    assert 0 < scanned("SELECT * FROM spend WHERE day = DATE '2026-01-15'") < everything
    assert 0 < scanned("SELECT channel FROM spend") < everything
    assert scanned("SELECT * FROM spend WHERE channel > 'zzz'") == 0


def test_statistics_are_measured_and_add_up(athena: Queries) -> None:
    execution = athena.run("SELECT channel, sum(amount) FROM spend GROUP BY 1")
    found = execution["Statistics"]
    parts = ("QueryQueueTimeInMillis", "EngineExecutionTimeInMillis")
    runtime = athena.client.get_query_runtime_statistics(
        QueryExecutionId=execution["QueryExecutionId"]
    )["QueryRuntimeStatistics"]

    assert found["EngineExecutionTimeInMillis"] > 0
    assert sum(found[name] for name in parts) <= found["TotalExecutionTimeInMillis"]
    assert found["ResultReuseInformation"] == {"ReusedPreviousResult": False}
    assert runtime["Rows"]["OutputRows"] == 3
    assert runtime["Timeline"]["TotalExecutionTimeInMillis"] == found["TotalExecutionTimeInMillis"]


def test_pages_hold_the_header_once_and_end(athena: Queries) -> None:
    identifier = athena.run("SELECT n FROM UNNEST(sequence(1, 5)) AS t(n)")["QueryExecutionId"]
    pages, token = [], {}
    while True:
        answer = athena.results(identifier, MaxResults=2, **token)
        rows = answer["ResultSet"]["Rows"]
        pages.append([row["Data"][0]["VarCharValue"] for row in rows])
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}

    assert pages == [["n", "1"], ["2", "3"], ["4", "5"]]
    for bad in ({"MaxResults": 1001}, {"MaxResults": 0}, {"NextToken": "nonsense"}):
        with pytest.raises((ClientError, ParamValidationError), match="MaxResults|NextToken"):
            athena.results(identifier, **bad)


def test_results_of_a_query_that_has_not_succeeded_are_refused(athena: Queries) -> None:
    running = athena.start(RUNAWAY)
    athena.until(running, lambda state: state == "RUNNING")
    call = athena.client.get_query_results
    told = refused("InvalidRequestException", call, QueryExecutionId=running)
    assert told == "Query has not yet finished. Current state: RUNNING"
    athena.client.stop_query_execution(QueryExecutionId=running)

    failed = athena.end(athena.start("SELECT 1 / 0"))["QueryExecutionId"]
    told = refused("InvalidRequestException", call, QueryExecutionId=failed)
    assert told == "Query did not finish successfully. Final query state: FAILED"
    told = refused("InvalidRequestException", call, QueryExecutionId="unknown")
    assert told == "QueryExecution unknown was not found"


def test_a_runaway_query_is_stopped_and_the_next_one_runs(athena: Queries) -> None:
    running = athena.start(RUNAWAY)
    athena.until(running, lambda state: state == "RUNNING")

    athena.client.stop_query_execution(QueryExecutionId=running)

    status = athena.get(running)["Status"]
    assert status["State"] == "CANCELLED"
    assert status["StateChangeReason"] == "Query cancelled by user"
    assert athena.rows("SELECT 7 AS n") == [["n"], ["7"]]
    athena.client.stop_query_execution(QueryExecutionId=running)
    assert athena.get(running)["Status"]["State"] == "CANCELLED"


def test_a_query_beyond_its_memory_fails_and_says_so(athena: Queries) -> None:
    reason = athena.fails(
        "SELECT array_agg(cast(x AS varchar) || cast(y AS varchar)) FROM"
        " UNNEST(sequence(1, 100000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 1000)) AS b(y)"
    )
    assert reason == "Query exhausted resources at this scale factor"


def test_many_queries_at_once_wait_for_their_turn(athena: Queries) -> None:
    started = [athena.start(f"SELECT {n} + count(*) FROM spend") for n in range(8)]
    ended = [athena.end(one) for one in started]
    assert [one["Status"]["State"] for one in ended] == ["SUCCEEDED"] * 8
    found = [athena.results(one)["ResultSet"]["Rows"][1]["Data"][0] for one in started]
    assert [int(one["VarCharValue"]) for one in found] == [4, 5, 6, 7, 8, 9, 10, 11]


def test_a_table_of_many_files_is_read_to_its_end_by_several_queries_at_once(
    athena: Queries,
) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(40)]
    write_deltalake(
        f"s3://{BUCKET}/daily",
        pa.table({"day": days, "n": list(range(40))}),
        partition_by=["day"],
        storage_options=storage_options(athena.edge),
    )
    athena.run(
        f"CREATE EXTERNAL TABLE daily LOCATION 's3://{BUCKET}/daily'"
        " TBLPROPERTIES ('table_type'='DELTA')"
    )
    join = "SELECT count(*), sum(a.n) FROM daily a JOIN daily b ON a.n >= b.n"
    started = [athena.start(sql) for sql in (join, "SELECT * FROM daily LIMIT 3") * 3]
    ended = [athena.end(one)["Status"]["State"] for one in started]
    assert ended == ["SUCCEEDED"] * 6
    row = athena.results(started[0])["ResultSet"]["Rows"][1]["Data"]
    assert [one["VarCharValue"] for one in row] == ["820", "21320"]


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
            "SELECT soundex(channel) FROM spend",
            "FUNCTION_NOT_FOUND: line 1:8: Function 'soundex' not registered",
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


def test_a_start_without_output_with_an_unknown_bucket_or_workgroup_is_refused(
    athena: Queries,
) -> None:
    start = athena.client.start_query_execution
    told = refused("InvalidRequestException", start, QueryString="SELECT 1")
    assert told.startswith("No output location provided.")
    told = refused(
        "InvalidRequestException",
        start,
        QueryString="SELECT 1",
        ResultConfiguration={"OutputLocation": "s3://no-such-bucket-here/"},
    )
    assert told == "Unable to verify/create output bucket no-such-bucket-here"
    told = refused("InvalidRequestException", start, QueryString="SELECT 1", WorkGroup="nobody")
    assert told == "WorkGroup nobody is not found."


def test_a_repeated_token_starts_nothing_and_another_request_with_it_is_refused(
    athena: Queries,
) -> None:
    token = uuid.uuid4().hex
    with ThreadPoolExecutor(4) as pool:
        same = [
            pool.submit(athena.start, "SELECT 1 AS a", ClientRequestToken=token) for _ in range(4)
        ]
    assert len({one.result() for one in same}) == 1
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="Idempotent"):
        athena.start("SELECT 2 AS a", ClientRequestToken=token)


def test_a_result_is_reused_within_its_age_and_only_where_that_is_asked_for(
    athena: Queries,
) -> None:
    reuse = {
        "ResultReuseConfiguration": {
            "ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 5}
        }
    }
    sql = f"SELECT count(*) AS n FROM spend -- {uuid.uuid4()}"
    first, second, third = athena.run(sql), athena.run(sql, **reuse), athena.run(sql)

    information = [one["Statistics"]["ResultReuseInformation"] for one in (first, second, third)]
    assert [one["ReusedPreviousResult"] for one in information] == [False, True, False]
    assert second["Statistics"]["DataScannedInBytes"] == 0
    assert second["ResultConfiguration"] == first["ResultConfiguration"]
    rows = athena.results(second["QueryExecutionId"])["ResultSet"]["Rows"]
    assert rows[1]["Data"] == [{"VarCharValue": "4"}]


def test_executions_are_listed_newest_first_by_page_and_fetched_in_a_batch(
    athena: Queries,
) -> None:
    started = [athena.run(f"SELECT {n}")["QueryExecutionId"] for n in range(3)]
    first = athena.client.list_query_executions(MaxResults=2)
    after = athena.client.list_query_executions(MaxResults=1, NextToken=first["NextToken"])
    batch = athena.client.batch_get_query_execution(QueryExecutionIds=[started[0], "unknown"])

    assert first["QueryExecutionIds"] + after["QueryExecutionIds"] == started[::-1]
    assert [one["Query"] for one in batch["QueryExecutions"]] == ["SELECT 0"]
    unknown = batch["UnprocessedQueryExecutionIds"]
    assert [one["QueryExecutionId"] for one in unknown] == ["unknown"]
    told = refused(
        "InvalidRequestException", athena.client.list_query_executions, NextToken="nonsense"
    )
    assert "NextToken" in told


def test_parameters_stand_for_question_marks(athena: Queries) -> None:
    sql = "SELECT channel FROM spend WHERE amount > ? AND channel <> ? ORDER BY 1"
    rows = athena.rows(sql, ExecutionParameters=["1", "'it''s'"])
    assert rows == [["channel"], ["facebook"], ["tiktok"], ["youtube"]]
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="expected 2"):
        athena.start(sql, ExecutionParameters=["1"])


def test_a_prepared_statement_is_executed_and_gone_after_its_deallocation(
    athena: Queries,
) -> None:
    athena.run("PREPARE by_channel FROM SELECT count(*) FROM spend WHERE channel = ?")
    assert athena.rows("EXECUTE by_channel USING 'youtube'")[1:] == [["2"]]
    known = athena.client.get_prepared_statement(StatementName="by_channel", WorkGroup="primary")
    query = known["PreparedStatement"]["QueryStatement"]
    assert query == "SELECT count(*) FROM spend WHERE channel = ?"
    athena.run("DEALLOCATE PREPARE by_channel")
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="does not exist"):
        athena.start("EXECUTE by_channel USING 'youtube'")


def test_a_state_machine_waits_for_a_query_and_fails_with_its_execution(athena: Queries) -> None:
    def state(sql: str) -> dict[str, Any]:
        return task(
            "athena:startQueryExecution.sync",
            {
                "QueryString": sql,
                "QueryExecutionContext": {"Database": "athena_db"},
                "ResultConfiguration": {"OutputLocation": OUTPUT},
            },
        )

    client = athena.edge.client("stepfunctions")
    results = {
        **task("athena:getQueryResults", {}),
        "Parameters": {"QueryExecutionId.$": "$.QueryExecution.QueryExecutionId"},
    }
    query = {**state("SELECT count(*) AS n FROM spend"), "Next": "Read"}
    query.pop("End", None)
    good = Machine(client, {"Query": query, "Read": results}).run()
    bad = Machine(client, {"Query": state("SELECT nope FROM spend")}).run()

    assert good["status"] == "SUCCEEDED"
    assert '"VarCharValue":"4"' in good["output"].replace(" ", "")
    assert (bad["status"], bad["error"]) == ("FAILED", "States.TaskFailed")
    assert "COLUMN_NOT_FOUND" in bad["cause"]
