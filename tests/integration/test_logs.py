"""CloudWatch Logs on a live edge: who writes where, as on AWS, and how it is read."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.process_stack import ProcessStack
from tests.support.state_machines import ROLE, Machine, emr, until

BUCKET = "log-tests"
GROUP = "/tests/many"
HANDLER = """
import time
def handler(event, context):
    print("seen", event)
    if event.get("slow"): time.sleep(20)
    raise ValueError("no such day")
"""


@pytest.fixture(scope="module")
def stack(processes) -> ProcessStack:
    processes.client("s3").create_bucket(Bucket=BUCKET)
    return processes


@pytest.fixture(scope="module")
def logs(stack) -> Any:
    return stack.client("logs")


@pytest.fixture(scope="module")
def many(logs) -> Any:
    """25,000 events of two streams in turns, a second apart, the newest a minute ago."""
    logs.create_log_group(logGroupName=GROUP)
    first = int(time.time() * 1000) - 25_060_000
    for number, stream in enumerate(("even", "odd")):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        events = [
            {"timestamp": first + n * 1000, "message": f"line {n} {'x' * (n % 50)}"}
            for n in range(number, 25_000, 2)
        ]
        for start in range(0, len(events), 10_000):
            part = events[start : start + 10_000]
            logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=part)
    return first


def numbers(events) -> list[int]:
    return [int(event["message"].split()[1]) for event in events]


def messages(logs, group: str, stream: str) -> list[str]:
    found = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
    return [event["message"] for event in found["events"]]


def streams(logs, group: str) -> list[str]:
    found = logs.describe_log_streams(logGroupName=group)["logStreams"]
    return [stream["logStreamName"] for stream in found]


def script(stack, text: str) -> str:
    key = f"{abs(hash(text))}.py"
    stack.client("s3").put_object(Bucket=BUCKET, Key=key, Body=text.encode())
    return f"s3://{BUCKET}/{key}"


@pytest.mark.parametrize(
    ("command", "group"),
    [("glueetl", "/aws-glue/jobs"), ("pythonshell", "/aws-glue/python-jobs")],
)
def test_a_glue_job_writes_to_the_output_and_error_groups_of_its_kind(stack, logs, command, group):
    text = "import sys\nprint('out')\nprint('err', file=sys.stderr)"
    location = script(stack, text)
    jobs = stack.client("glue")
    jobs.create_job(Name=command, Role=ROLE, Command={"Name": command, "ScriptLocation": location})
    run = jobs.start_job_run(JobName=command)["JobRunId"]
    until(
        lambda: jobs.get_job_run(JobName=command, RunId=run)["JobRun"]["JobRunState"],
        lambda state: state == "SUCCEEDED",
    )
    assert messages(logs, f"{group}/output", run) == ["out"]
    assert messages(logs, f"{group}/error", run) == ["err"]


def test_an_emr_job_run_writes_one_stream_for_each_of_its_drivers_outputs(stack, logs):
    application = stack.client("emr-serverless").create_application(
        releaseLabel="emr-7.12.0", type="SPARK"
    )["applicationId"]
    monitoring = {"CloudWatchLoggingConfiguration": {"Enabled": True}}
    state = emr(
        "startJobRun.sync",
        ApplicationId=application,
        ExecutionRoleArn=ROLE,
        JobDriver={
            "SparkSubmit": {"EntryPoint": script(stack, "print('out')\nraise OSError('x')")}
        },
        ConfigurationOverrides={"MonitoringConfiguration": monitoring},
    )
    ended = Machine(stack.client("stepfunctions"), {"Job": state}).run()
    run = json.loads(ended["cause"])["JobRunId"]
    place = f"/applications/{application}/jobs/{run}/SPARK_DRIVER"
    written = [name for name in streams(logs, "/aws/emr-serverless") if application in name]
    assert written == [f"{place}/stderr", f"{place}/stdout"]
    assert messages(logs, "/aws/emr-serverless", f"{place}/stdout") == ["out"]
    assert messages(logs, "/aws/emr-serverless", f"{place}/stderr")[-1] == "OSError: x"


def test_a_function_writes_start_end_report_and_what_ended_it(stack, logs):
    functions = stack.client("lambda")
    make_function(functions, "days", HANDLER)
    for event in ({}, {"slow": True}):
        functions.invoke(FunctionName="days", Payload=json.dumps(event))
    until(lambda: log_text(logs, "/aws/lambda/days"), lambda text: text.count("REPORT") == 2, 30)
    for stream in streams(logs, "/aws/lambda/days"):
        assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
    text = log_text(logs, "/aws/lambda/days")
    assert re.search(r"^START RequestId: \S{36} Version: \$LATEST\nseen {}\n\[ERROR\] Val", text)
    assert "ValueError: no such day\nTraceback (most recent call last):\n" in text
    assert re.search(r"Z \S{36} Task timed out after 2.00 seconds\n", text)
    report = r"REPORT RequestId: \S{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size"
    assert len(re.findall(report, text)) == 2


def test_a_function_that_cannot_be_imported_says_so_in_its_log(stack, logs):
    functions = stack.client("lambda")
    make_function(functions, "broken", "import not_to_be_found")
    answer = functions.invoke(FunctionName="broken", Payload="{}")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] == "Runtime.ImportModuleError"
    text = until(lambda: log_text(logs, "/aws/lambda/broken"), lambda text: "REPORT" in text, 30)
    assert "[ERROR] Runtime.ImportModuleError: Unable to import module 'code'" in text


def test_an_execution_writes_every_event_with_its_data_as_aws_shapes_them(stack, logs):
    group = "/aws/vendedlogs/states/shaped"
    logs.create_log_group(logGroupName=group)
    states = stack.client("stepfunctions")
    destination = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:*"
    machine = states.create_state_machine(
        name="shaped",
        roleArn=ROLE,
        definition=json.dumps(
            {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 7, "End": True}}}
        ),
        loggingConfiguration={
            "level": "ALL",
            "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": destination}}],
        },
    )["stateMachineArn"]
    before = int(time.time() * 1000)
    arn = states.start_execution(stateMachineArn=machine, input='{"day": 1}')["executionArn"]
    found = until(
        lambda: logs.filter_log_events(logGroupName=group)["events"], lambda e: len(e) == 4, 30
    )
    events = [json.loads(event["message"]) for event in found]
    assert [event["type"] for event in events] == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
    ]  # fmt: skip
    assert re.fullmatch(r"states/shaped/\d{4}(-\d\d){4}/00000000", found[0]["logStreamName"])
    moment = events[0].pop("event_timestamp")
    assert before <= int(moment) == found[0]["timestamp"]
    assert events[0] == {
        "id": "1",
        "type": "ExecutionStarted",
        "details": {
            "input": '{"day": 1}',
            "inputDetails": {"truncated": False},
            "roleArn": ROLE,
        },
        "previous_event_id": "0",
        "execution_arn": arn,
        "redrive_count": "0",
    }
    assert events[-1]["details"]["output"] == "7"
    only = logs.filter_log_events(logGroupName=group, filterPattern='{ $.id = "3" }')["events"]
    assert [json.loads(event["message"])["type"] for event in only] == ["PassStateExited"]


def test_two_streams_are_read_page_by_page_in_the_order_of_time(logs, many):
    pages = list(logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP))
    assert [len(page["events"]) for page in pages] == [10_000, 10_000, 5_000]
    events = [event for page in pages for event in page["events"]]
    assert numbers(events) == list(range(25_000))
    assert len({event["eventId"] for event in events}) == 25_000


def test_a_stream_is_read_forward_and_backward_to_its_ends(logs, many):
    place = {"logGroupName": GROUP, "logStreamName": "odd"}
    newest = logs.get_log_events(**place, limit=3)
    assert numbers(newest["events"]) == [24_995, 24_997, 24_999]
    older = logs.get_log_events(**place, limit=2, nextToken=newest["nextBackwardToken"])
    assert numbers(older["events"]) == [24_991, 24_993]
    end = logs.get_log_events(**place, nextToken=newest["nextForwardToken"])
    assert end["events"] == [] and end["nextForwardToken"] == newest["nextForwardToken"]
    oldest = logs.get_log_events(**place, limit=1, startFromHead=True)
    assert numbers(oldest["events"]) == [1]


def test_a_filter_a_window_and_a_prefix_narrow_what_is_found(logs, many):
    def found(**narrowed):
        return numbers(logs.filter_log_events(logGroupName=GROUP, **narrowed)["events"])

    assert found(filterPattern='"line 77 "') == [77]
    assert found(startTime=many + 5_000, endTime=many + 7_000) == [5, 6, 7]
    assert found(logStreamNamePrefix="o", limit=3) == [1, 3, 5]
    assert found(logStreamNames=["even"], limit=2) == [0, 2]
    read = logs.get_log_events(
        logGroupName=GROUP, logStreamName="even", startTime=many + 2_000, endTime=many + 6_000
    )
    assert numbers(read["events"]) == [2, 4]


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        ({"logGroupName": "/none"}, "ResourceNotFoundException", "log group does not exist"),
        ({"logStreamNames": ["none"]}, "ResourceNotFoundException", "log stream none does not"),
        ({"nextToken": "nonsense"}, "InvalidParameterException", "nextToken is invalid"),
        ({"limit": 10_001}, "InvalidParameterException", "less than or equal to 10000"),
        ({"filterPattern": "a:b"}, "InvalidParameterException", "Invalid character"),
        ({"startTime": 5, "endTime": 4}, "InvalidParameterException", "End time"),
        (
            {"logStreamNames": ["odd"], "logStreamNamePrefix": "o"},
            "InvalidParameterException",
            "cannot be given together",
        ),
    ],
)
def test_what_cannot_be_read_is_answered_with_awss_error(logs, many, asked, code, text):
    with pytest.raises(ClientError, match=text) as refused:
        logs.filter_log_events(**{"logGroupName": GROUP, **asked})
    assert refused.value.response["Error"]["Code"] == code


def test_log_groups_are_listed_in_pages(logs):
    for number in range(60):
        logs.create_log_group(logGroupName=f"/listed/{number:02d}")
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/listed/")
    listed = [[group["logGroupName"] for group in page["logGroups"]] for page in pages]
    assert [len(page) for page in listed] == [50, 10]
    assert [name for page in listed for name in page] == [
        f"/listed/{number:02d}" for number in range(60)
    ]
    found = logs.describe_log_groups(logGroupNamePattern="STED/07")["logGroups"]
    assert [group["logGroupName"] for group in found] == ["/listed/07"]


def put(logs, group: str, stream: str, *texts: str) -> None:
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": text} for text in texts]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def log_text(logs, group: str) -> str:
    try:
        found = logs.filter_log_events(logGroupName=group)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return ""
    return "".join(event["message"] for event in found)


def make_function(functions, name: str, code: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("code.py", code)
    functions.create_function(
        FunctionName=name, Runtime="python3.11", Role=ROLE, Handler="code.handler",
        Code={"ZipFile": content.getvalue()}, Timeout=2,
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName=name)


def test_events_older_than_their_group_keeps_them_are_gone(logs):
    place = {"logGroupName": "kept-a-day", "logStreamName": "s"}
    logs.create_log_group(logGroupName="kept-a-day")
    logs.create_log_stream(**place)
    now = int(time.time() * 1000)
    days = 24 * 3600 * 1000
    for at, message in ((now - 3 * days, "old"), (now - days // 2, "young"), (now, "new")):
        logs.put_log_events(**place, logEvents=[{"timestamp": at, "message": message}])
    logs.put_retention_policy(logGroupName="kept-a-day", retentionInDays=1)
    messages = [one["message"] for one in logs.get_log_events(**place)["events"]]
    assert messages == ["young", "new"]
    (group,) = logs.describe_log_groups(logGroupNamePrefix="kept-a-day")["logGroups"]
    assert group["storedBytes"] == len("young" + "new")
