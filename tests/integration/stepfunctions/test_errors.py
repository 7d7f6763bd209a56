"""Which errors a machine ends with and which it catches, and answers to task tokens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.state_machines import ROLE, distributed, passes, task, until

CATCH_ALL = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]


def choice(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{**rule, "Next": "Y"} for rule in rules], **fields}


def test_a_missing_path_ends_the_execution_though_all_errors_are_caught(machine):
    inner = {"StartAt": "I", "States": {"I": passes(Parameters={"x.$": "$.nope"})}}
    states = {
        "M": {
            "Type": "Map",
            "ItemsPath": "$.v",
            "ItemProcessor": inner,
            "Catch": CATCH_ALL,
            "End": True,
        },
        "Caught": passes(),
    }
    assert machine(states).error({"v": [1]}) == ("FAILED", "States.Runtime")


def test_a_choice_about_a_missing_variable_fails_and_does_not_take_the_default(machine):
    states = {
        "C": choice({"Variable": "$.x", "NumericEquals": 1}, Default="N"),
        "Y": passes(),
        "N": passes(),
    }
    assert machine(states).error({"y": 1}) == ("FAILED", "States.Runtime")


def test_a_choice_without_a_match_and_default_tells_so(machine):
    states = {"C": choice({"Variable": "$.x", "NumericEquals": 1}), "Y": passes()}
    assert machine(states).error({"x": 2}) == ("FAILED", "States.NoChoiceMatched")


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ({"TimestampGreaterThan": "2024-01-01T00:00:00Z"}, "2024-01-01T00:00:00.001Z"),
        ({"TimestampEquals": "2024-01-01T00:00:00Z"}, "2024-01-01T02:00:00.000+02:00"),
        ({"TimestampLessThanPath": "$$.Execution.StartTime"}, "2024-01-01T00:00:00Z"),
        ({"IsTimestamp": True}, "2024-01-01T00:00:00.5-08:00"),
        ({"IsPresent": True}, None),
        ({"StringMatches": "log-*.txt"}, "log-é\n1.txt"),
        ({"StringEqualsPath": "$.v"}, "é"),
    ],
)
def test_a_choice_compares_as_documented(machine, rule, given):
    states = {
        "C": choice({"Variable": "$.v", **rule}, Default="N"),
        "Y": passes(Result="yes"),
        "N": passes(Result="no"),
    }
    assert machine(states).output({"v": given}) == "yes"


def test_an_intrinsic_function_that_fails_is_named_and_caught(machine):
    states = {
        "T": {
            **task("aws-sdk:s3:listBuckets", {"Prefix.$": "States.ArrayGetItem($.v, 9)"}),
            "Catch": [{"ErrorEquals": ["States.IntrinsicFailure"], "Next": "Caught"}],
        },
        "Caught": passes(Result="caught"),
    }
    assert machine(states).output({"v": []}) == "caught"


def test_a_failed_heartbeat_is_named_and_the_second_attempt_has_a_token_of_its_own(edge, machine):
    states, sqs = edge.client("stepfunctions"), edge.client("s3")
    bucket = "heartbeats"
    sqs.create_bucket(Bucket=bucket)
    waiting = {
        **task(
            "aws-sdk:s3:putObject.waitForTaskToken",
            {"Bucket": bucket, "Key.$": "States.Format('{}', $$.State.RetryCount)"},
        ),
        "HeartbeatSeconds": 2,
        "TimeoutSeconds": 60,
        "Retry": [
            {
                "ErrorEquals": ["States.HeartbeatTimeout"],
                "IntervalSeconds": 1,
                "MaxAttempts": 1,
            }
        ],
    }
    waiting["Parameters"]["Body.$"] = "$$.Task.Token"
    started = machine({"T": waiting})
    execution = started.start()

    def token() -> str:
        found = sqs.list_objects_v2(Bucket=bucket, Prefix="1").get("Contents", [])
        body = sqs.get_object(Bucket=bucket, Key="1")["Body"].read() if found else b""
        return str(body.decode().strip('"'))

    until(token, bool)
    states.send_task_success(taskToken=token(), output=json.dumps("answered"))
    assert json.loads(started.end(execution)["output"]) == "answered"


def test_failed_iterations_of_a_distributed_map_fail_it(machine):
    child = {
        "C": choice({"Variable": "$", "NumericEquals": 2}, Default="N"),
        "Y": {"Type": "Fail", "Error": "Two", "Cause": "é"},
        "N": passes(),
    }
    strict, lax = distributed(child), distributed(child, ToleratedFailurePercentage=50)
    given = {"v": [1, 2, 3]}
    expected = ("FAILED", "States.ExceedToleratedFailureThreshold")
    assert machine({"M": strict}).error(given) == expected
    assert machine({"M": lax}).output(given) == [1, 3]
    counted = distributed(child, ToleratedFailureCount=1, MaxConcurrency=1)
    assert machine({"M": counted}).error({"v": [2, 2, 3]}) == expected
    caught = {**strict, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}]}
    assert machine({"M": caught, "Z": passes(Result="caught")}).output(given) == "caught"


def test_running_executions_end_with_their_machine(edge):
    states = edge.client("stepfunctions")
    waits = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
    arn = states.create_state_machine(
        name="short-lived", definition=json.dumps(waits), roleArn=ROLE
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    states.delete_state_machine(stateMachineArn=arn)
    ended = until(
        lambda: states.describe_execution(executionArn=execution)["status"],
        lambda status: status != "RUNNING",
    )
    assert ended == "ABORTED"
