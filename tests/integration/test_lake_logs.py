"""`lake logs` and the end of a failed `lake run`, on an edge whose jobs are plain processes."""

from __future__ import annotations

import io
import json
import os
import queue
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from lake.settings import ROOT
from tests.support.process_stack import LAKE, ProcessStack
from tests.support.state_machines import ROLE, State, emr, glue, task

BUCKET = "lake-log-tests"
FAILS = "print('begun')\nraise ValueError('the ledger does not balance')\n"
GROUP = "/tests/followed"


@pytest.fixture(scope="module")
def stack(processes) -> ProcessStack:
    s3 = processes.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="fails.py", Body=FAILS.encode())
    return processes


@pytest.fixture
def logs(stack) -> Iterator[Any]:
    client = stack.client("logs")
    client.create_log_group(logGroupName=GROUP)
    client.create_log_stream(logGroupName=GROUP, logStreamName="first")
    yield client
    client.delete_log_group(logGroupName=GROUP)


def put(logs, stream: str, *texts: str, ago: int = 0) -> None:
    moment = int(time.time() * 1000) - ago * 1000
    events = [{"timestamp": moment, "message": text} for text in texts]
    logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def run_of(stack, name: str, states: dict[str, State], *options: str) -> tuple[str, str]:
    """`lake run` of a deployed stack whose state machine has these states."""
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": name,
            "RoleArn": ROLE,
            "DefinitionString": json.dumps({"StartAt": next(iter(states)), "States": states}),
        },
    }
    template = {
        "Resources": {"Machine": machine},
        "Outputs": {"StateMachineArn": {"Value": {"Ref": "Machine"}}},
    }
    clouds = stack.client("cloudformation")
    clouds.create_stack(StackName="project6", TemplateBody=json.dumps(template))
    clouds.get_waiter("stack_create_complete").wait(StackName="project6", WaiterConfig={"Delay": 1})
    try:
        return stack.lake("run", *options, expect=1)
    finally:
        clouds.delete_stack(StackName="project6")
        clouds.get_waiter("stack_delete_complete").wait(
            StackName="project6", WaiterConfig={"Delay": 1}
        )


def test_a_failed_glue_job_ends_the_run_with_its_exception_and_where_to_read_on(stack):
    script = {"Name": "pythonshell", "ScriptLocation": f"s3://{BUCKET}/fails.py"}
    stack.client("glue").create_job(Name="ledger", Role=ROLE, Command=script)
    _, told = run_of(stack, "of-glue", {"Book": glue("ledger")})
    lines = told.splitlines()
    assert lines[0] == "FAILED in Book: States.TaskFailed: ValueError: the ledger does not balance"
    assert lines[2].strip() == "Traceback (most recent call last):"
    assert lines[-2].strip() == "ValueError: the ledger does not balance"
    command = lines[-1].removeprefix("All of it: lake ").split()
    assert command[:2] == ["logs", "/aws-glue/python-jobs/error"]
    assert "raise ValueError('the ledger does not balance')" in stack.lake(*command)[0]


def test_a_failed_emr_job_ends_the_run_with_the_drivers_exception(stack):
    application = stack.client("emr-serverless").create_application(
        releaseLabel="emr-7.12.0", type="SPARK"
    )["applicationId"]
    state = emr(
        "startJobRun.sync",
        ApplicationId=application,
        ExecutionRoleArn=ROLE,
        JobDriver={"SparkSubmit": {"EntryPoint": f"s3://{BUCKET}/fails.py"}},
        ConfigurationOverrides={
            "MonitoringConfiguration": {"CloudWatchLoggingConfiguration": {"Enabled": True}}
        },
    )
    out, _ = run_of(stack, "of-emr", {"Silver": state}, "--json")
    outcome = json.loads(out)
    assert outcome["failed_state"] == "Silver"
    assert outcome["log_lines"][-1] == "ValueError: the ledger does not balance"
    assert outcome["log_command"].startswith("lake logs emr --stream 00")
    both = stack.lake(*outcome["log_command"].split()[1:])[0].splitlines()
    assert any(line.endswith("stdout | begun") for line in both)
    assert any(line.endswith("stderr | ValueError: the ledger does not balance") for line in both)


def test_a_failed_function_ends_the_run_with_its_exception(stack):
    functions = stack.client("lambda")
    functions.create_function(
        FunctionName="project6-trigger-code-pipeline",
        Runtime="python3.11",
        Role=ROLE,
        Handler="code.handler",
        Code={"ZipFile": zipped("def handler(event, _):\n    raise KeyError(event['day'])\n")},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="project6-trigger-code-pipeline")
    invoke = {"FunctionName": "project6-trigger-code-pipeline", "Payload": {"day": "monday"}}
    _, told = run_of(stack, "of-lambda", {"Trigger": task("lambda:invoke", invoke)})
    lines = told.splitlines()
    assert lines[0] == "FAILED in Trigger: KeyError: 'monday'"
    assert lines[2].strip() == "[ERROR] KeyError: 'monday'"
    assert lines[-1] == "All of it: lake logs trigger"
    assert "[ERROR] KeyError: 'monday'" in stack.lake("logs", "trigger")[0].splitlines()


def test_the_last_lines_of_a_group_are_shown_and_more_on_request(stack, logs):
    put(logs, "first", *(f"line {number}" for number in range(70)))
    assert stack.lake("logs", GROUP)[0].splitlines() == [f"line {n}" for n in range(20, 70)]
    assert stack.lake("logs", GROUP, "-n", "2")[0].splitlines() == ["line 68", "line 69"]
    assert len(stack.lake("logs", GROUP, "--since", "1h")[0].splitlines()) == 70


def test_since_filter_and_stream_narrow_what_is_shown(stack, logs):
    logs.create_log_stream(logGroupName=GROUP, logStreamName="second")
    put(logs, "first", "old: 1", ago=3600)
    put(logs, "second", "old: 2", ago=3600)
    put(logs, "first", "new: 1")
    assert stack.lake("logs", GROUP, "--since", "10m")[0] == "first | new: 1\n"
    assert stack.lake("logs", GROUP, "--filter", "old:")[0] == "first | old: 1\nsecond | old: 2\n"
    assert stack.lake("logs", GROUP, "--filter", "?new ?nothing")[0] == "first | new: 1\n"
    assert stack.lake("logs", GROUP, "--stream", "sec")[0] == "old: 2\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["nothing"], "Expected edge, spark, dashboard, calendly, webhook"),
        (["/none"], "Log group /none does not exist yet"),
        ([GROUP, "--since", "soon"], "--since takes 30s, 10m"),
        ([GROUP, "--filter", "[a, b"], "expected a closing ]"),
        ([GROUP, "--stream", "none"], "No stream of /tests/followed has 'none' in its name"),
        (["edge"], "start the stack with `lake up`"),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_line(stack, logs, arguments, text):
    _, error = stack.lake("logs", *arguments, expect=1)
    assert text in error
    assert "Traceback" not in error


def test_following_shows_what_is_written_later_once_and_in_new_streams_too(stack, logs):
    put(logs, "first", "before", ago=4)
    with Followed(stack, GROUP) as followed:
        assert followed.line() == "before"
        put(logs, "first", "after", "after")
        assert [followed.line(), followed.line()] == ["after", "after"]
        logs.create_log_stream(logGroupName=GROUP, logStreamName="second")
        put(logs, "second", "late", ago=2)
        assert followed.line() == "second | late"
        time.sleep(2.5)
        assert followed.nothing_more()


def test_following_waits_for_a_group_that_is_not_there_yet(stack):
    logs = stack.client("logs")
    with Followed(stack, "/tests/made-later") as followed:
        time.sleep(1.5)
        logs.create_log_group(logGroupName="/tests/made-later")
        logs.create_log_stream(logGroupName="/tests/made-later", logStreamName="s")
        logs.put_log_events(
            logGroupName="/tests/made-later",
            logStreamName="s",
            logEvents=[{"timestamp": int(time.time() * 1000), "message": "there"}],
        )
        assert followed.line() == "there"


class Followed:
    """`lake logs GROUP --follow`, whose lines are waited for."""

    def __init__(self, stack: ProcessStack, group: str) -> None:
        self._process = subprocess.Popen(
            [LAKE, "logs", group, "--follow"],
            env={**os.environ, **stack.variables, "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def line(self) -> str:
        return self._lines.get(timeout=30)

    def nothing_more(self) -> bool:
        return self._lines.empty()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def __enter__(self) -> Followed:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def zipped(code: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("code.py", code)
    return content.getvalue()
