"""SELECT over Delta tables on the live edge: results, statistics, limits."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from deltalake import write_deltalake

from tests.support.queries import BUCKET, OUTPUT, Queries, invalid, storage_options

RUNAWAY = (
    "SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a(x)"
    " CROSS JOIN UNNEST(sequence(1, 100000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 1000)) AS c(z)"
    " WHERE x * y % 7 = z % 11"
)


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
        with pytest.raises((ClientError, ParamValidationError), match="(?i)MaxResults|NextToken"):
            athena.results(identifier, **bad)


def test_results_of_a_query_that_has_not_succeeded_are_refused(athena: Queries) -> None:
    running = athena.start(RUNAWAY)
    athena.until(running, lambda state: state == "RUNNING")
    call = athena.client.get_query_results
    told = invalid(call, QueryExecutionId=running)
    assert told == "Query has not yet finished. Current state: RUNNING"
    athena.client.stop_query_execution(QueryExecutionId=running)

    failed = athena.end(athena.start("SELECT 1 / 0"))["QueryExecutionId"]
    told = invalid(call, QueryExecutionId=failed)
    assert told == "Query did not finish successfully. Final query state: FAILED"
    told = invalid(call, QueryExecutionId="unknown")
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
        " UNNEST(sequence(1, 10000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(y)"
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
