"""Executions of queries: tokens, reuse, lists, parameters, state machines."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.queries import OUTPUT, Queries, invalid
from tests.support.state_machines import Machine, task


def test_a_start_without_output_with_an_unknown_bucket_or_workgroup_is_refused(
    athena: Queries,
) -> None:
    start = athena.client.start_query_execution
    told = invalid(start, QueryString="SELECT 1")
    assert told.startswith("No output location provided.")
    told = invalid(
        start,
        QueryString="SELECT 1",
        ResultConfiguration={"OutputLocation": "s3://no-such-bucket-here/"},
    )
    assert told == "Unable to verify/create output bucket no-such-bucket-here"
    told = invalid(start, QueryString="SELECT 1", WorkGroup="nobody")
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
    told = invalid(athena.client.list_query_executions, NextToken="nonsense")
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
