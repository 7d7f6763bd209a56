"""Deployed services after kill -9 of the edge: what was acknowledged is there, what ran failed."""

from __future__ import annotations

import io
import json
import sqlite3
import time
import zipfile
from contextlib import closing

import pytest
from botocore.exceptions import ClientError

from tests.support.ledgers import outlives
from tests.support.process_stack import ProcessStack
from tests.support.state_machines import distributed, passes

ROLE = "arn:aws:iam::000000000000:role/r"
HANDLER = (
    "def handler(event, context):\n    print('seen', event)\n    return {'n': event['n'] + 1}\n"
)
WAITING = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 300, "End": True}}}
PASSING = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"a": 1}, "End": True}}}
MAPPING = {"StartAt": "M", "States": {"M": distributed({"I": passes()}, ItemsPath="$.Items")}}
TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": "made", "AssumeRolePolicyDocument": {"Statement": []}},
        }
    },
    "Outputs": {"Name": {"Value": {"Ref": "Role"}}},
}


@outlives()
def test_a_function_its_alias_and_its_log_come_back(stack):
    functions = stack.client("lambda")
    functions.create_function(
        FunctionName="f", Runtime="python3.11", Role=ROLE, Handler="code.handler",
        Code={"ZipFile": zipped(HANDLER)}, Environment={"Variables": {"WORD": "1"}},
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName="f")
    assert invoked(functions, 1) == {"n": 2}
    messages(stack, "/aws/lambda/f", "seen {'n': 1}")

    yield

    functions.get_waiter("function_active_v2").wait(FunctionName="f")
    assert functions.get_function_configuration(FunctionName="f")["Environment"] == {
        "Variables": {"WORD": "1"}
    }
    assert invoked(functions, 41) == {"n": 42}
    assert "seen {'n': 1}\n" in messages(stack, "/aws/lambda/f", "seen {'n': 41}")


@outlives()
def test_executions_keep_their_history_and_running_ones_have_failed(stack):
    states = stack.client("stepfunctions")
    arns = {
        name: states.create_state_machine(name=name, definition=json.dumps(asl), roleArn=ROLE)[
            "stateMachineArn"
        ]
        for name, asl in (("passing", PASSING), ("waiting", WAITING), ("mapping", MAPPING))
    }
    done = states.start_execution(stateMachineArn=arns["passing"], input='{"i": 1}')["executionArn"]
    while (before := states.describe_execution(executionArn=done))["status"] == "RUNNING":
        time.sleep(0.1)
    history = states.get_execution_history(executionArn=done)["events"]
    running = states.start_execution(stateMachineArn=arns["waiting"])["executionArn"]
    while len(states.get_execution_history(executionArn=running)["events"]) < 2:
        time.sleep(0.1)
    mapping = states.start_execution(stateMachineArn=arns["mapping"], input='{"Items": [1, 2]}')[
        "executionArn"
    ]
    while states.describe_execution(executionArn=mapping)["status"] == "RUNNING":
        time.sleep(0.1)
    (map_run,) = states.list_map_runs(executionArn=mapping)["mapRuns"]
    counted = states.describe_map_run(mapRunArn=map_run["mapRunArn"])["itemCounts"]

    yield

    after = states.describe_execution(executionArn=done)
    assert (after["status"], after["output"], after["stopDate"]) == (
        "SUCCEEDED", '{"a":1}', before["stopDate"],
    )  # fmt: skip
    assert states.get_execution_history(executionArn=done)["events"] == history
    assert states.list_map_runs(executionArn=mapping)["mapRuns"] == [map_run]
    kept = states.describe_map_run(mapRunArn=map_run["mapRunArn"])
    assert (kept["status"], kept["itemCounts"]) == ("SUCCEEDED", counted)
    failed = states.describe_execution(executionArn=running)
    assert failed["status"] == "FAILED"
    assert "The stack ended while the execution was going on" in failed["cause"]
    events = states.get_execution_history(executionArn=running)["events"]
    assert [event["type"] for event in events] == [
        "ExecutionStarted", "WaitStateEntered", "ExecutionFailed",
    ]  # fmt: skip
    assert states.start_execution(stateMachineArn=arns["passing"])["executionArn"]


@outlives()
def test_stack_role_rest_api_and_schedule_come_back(stack):
    clouds = stack.client("cloudformation")
    change_set = clouds.create_change_set(
        StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=json.dumps(TEMPLATE),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )["Id"]  # fmt: skip
    clouds.get_waiter("change_set_create_complete").wait(
        ChangeSetName=change_set, WaiterConfig={"Delay": 1}
    )
    planned = clouds.describe_change_set(ChangeSetName=change_set)["Changes"]
    clouds.execute_change_set(ChangeSetName=change_set)
    clouds.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig={"Delay": 1})
    gateway = stack.client("apigateway")
    api = gateway.create_rest_api(name="hooks")["id"]
    events = stack.client("events")
    events.put_rule(Name="daily", ScheduleExpression="cron(0 2 * * ? *)")
    stack.client("logs").create_log_group(logGroupName="/g")

    yield

    executed = clouds.describe_change_set(ChangeSetName=change_set)
    assert (executed["ExecutionStatus"], executed["Changes"]) == ("EXECUTE_COMPLETE", planned)
    found = clouds.describe_stacks(StackName="s")["Stacks"][0]
    assert (found["StackStatus"], found["Outputs"][0]["OutputValue"]) == ("CREATE_COMPLETE", "made")
    assert stack.client("iam").get_role(RoleName="made")["Role"]["RoleName"] == "made"
    assert gateway.get_rest_api(restApiId=api)["name"] == "hooks"
    assert events.describe_rule(Name="daily")["ScheduleExpression"] == "cron(0 2 * * ? *)"
    groups = stack.client("logs").describe_log_groups(logGroupNamePrefix="/g")["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["/g"]
    clouds.delete_stack(StackName="s")
    clouds.get_waiter("stack_delete_complete").wait(StackName="s", WaiterConfig={"Delay": 1})


@outlives(kills=3, turn=9)
def test_what_cannot_be_stored_is_not_acknowledged(stack):
    """At the last kill, when little else is going on that would store it after all."""
    yield
    yield
    logs = stack.client("logs", attempts=1)
    logs.create_log_group(logGroupName="/kept")
    with closing(sqlite3.connect(stack.folder / "services.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody else can write, as on a full disk
        with pytest.raises(ClientError) as refused:
            logs.create_log_group(logGroupName="/lost")
    error = refused.value.response
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert error["Error"]["Code"] == "InternalFailure"
    assert "CreateLogGroup is not stored" in error["Error"]["Message"]

    yield

    groups = {group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]}
    assert "/kept" in groups and "/lost" not in groups


@outlives()
def test_a_log_made_anew_does_not_bring_back_the_old_one(stack):
    logs = stack.client("logs")
    for text in ("old", "new"):
        logs.create_log_group(logGroupName="/anew")
        logs.create_log_stream(logGroupName="/anew", logStreamName="s")
        event = {"timestamp": int(time.time() * 1000), "message": text}
        logs.put_log_events(logGroupName="/anew", logStreamName="s", logEvents=[event])
        if text == "old":
            logs.delete_log_group(logGroupName="/anew")
            time.sleep(0.01)

    yield

    found = logs.filter_log_events(logGroupName="/anew")["events"]
    assert [event["message"] for event in found] == ["new"]


@outlives()
def test_a_token_of_a_log_goes_on_and_later_events_are_found_with_it(stack):
    logs, read = stack.client("logs"), {"logGroupName": "/restarted", "logStreamName": "s"}
    logs.create_log_group(logGroupName="/restarted")
    logs.create_log_stream(**read)
    put(logs, read, "one", "two")
    token = logs.get_log_events(**read, limit=1, startFromHead=True)["nextForwardToken"]

    yield

    put(logs, read, "three")
    page = logs.get_log_events(**read, nextToken=token)["events"]
    assert [event["message"] for event in page] == ["two", "three"]
    group = logs.describe_log_groups(logGroupNamePrefix="/restarted")["logGroups"][0]
    assert group["storedBytes"] == len("onetwothree")


def put(logs, stream: dict[str, str], *texts: str) -> None:
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": text} for text in texts]
    logs.put_log_events(**stream, logEvents=events)


def invoked(functions, number: int) -> dict:
    answer = functions.invoke(FunctionName="f", Payload=json.dumps({"n": number}))
    return json.loads(answer["Payload"].read())


def messages(stack: ProcessStack, group: str, wanted: str) -> list[str]:
    logs = stack.client("logs")
    deadline = time.monotonic() + 30
    while True:
        try:
            found = logs.filter_log_events(logGroupName=group)["events"]
        except logs.exceptions.ResourceNotFoundException:
            found = []
        texts = [event["message"] for event in found]
        if f"{wanted}\n" in texts or wanted in texts:
            return [text if text.endswith("\n") else f"{text}\n" for text in texts]
        assert time.monotonic() < deadline, texts
        time.sleep(0.2)


def zipped(code: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("code.py", code)
    return content.getvalue()
