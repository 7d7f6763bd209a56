"""Functions whose processes die, and bursts of calls: no call is lost, none waits for ever."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from tests.support.stack import Stack
from tests.support.state_machines import until

CODE = """
import os, time
def handle(event, context):
    if "begun" in event:
        with open(event["begun"], "a") as file:
            file.write("once")
    time.sleep(event.get("sleep", 0))
    return {"n": event["n"], "pid": os.getpid()}
"""


class Function:
    def __init__(self, edge: Stack) -> None:
        self.name, self._client = f"deaths-{uuid.uuid4().hex[:8]}", edge.client("lambda")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as content:
            content.writestr("module.py", CODE)
        self._client.create_function(
            FunctionName=self.name,
            Runtime="python3.11",
            Handler="module.handle",
            Role="arn:aws:iam::000000000000:role/any",
            Code={"ZipFile": archive.getvalue()},
            Timeout=20,
        )
        self._client.get_waiter("function_active_v2").wait(FunctionName=self.name)

    def call(self, **event):
        answer = self._client.invoke(FunctionName=self.name, Payload=json.dumps(event))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())


@pytest.fixture
def function(edge: Stack) -> Function:
    return Function(edge)


def test_a_function_whose_idle_process_has_died_answers_the_next_call(function):
    _, first = function.call(n=1)
    os.kill(first["pid"], signal.SIGKILL)
    error, second = function.call(n=2)
    assert (error, second["n"]) == (None, 2)
    assert second["pid"] != first["pid"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at a socket as Linux alone shows it")
def test_a_process_that_dies_with_the_event_unread_is_replaced(function):
    """It is stopped, so that the event reaches its socket, and it is killed before it reads."""
    _, first = function.call(n=1)
    os.kill(first["pid"], signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        calling = pool.submit(function.call, n=2)
        until(lambda: unread(first["pid"]), bool, 10)
        os.kill(first["pid"], signal.SIGKILL)
        error, second = calling.result(timeout=30)
    assert (error, second["n"]) == (None, 2)


def unread(pid: int) -> bool:
    """Whether a connection of the process holds bytes that it has not read: rx_queue, proc(5)."""
    ours = {str(c.laddr.port) for c in psutil.Process(pid).net_connections("tcp")}
    with open(f"/proc/{pid}/net/tcp") as table:
        rows = [line.split() for line in list(table)[1:]]
    return any(
        str(int(row[1].partition(":")[2], 16)) in ours and int(row[4].partition(":")[2], 16)
        for row in rows
    )


def test_an_event_that_a_process_has_begun_to_work_on_is_not_worked_on_again(function, tmp_path):
    begun = tmp_path / "begun"
    _, first = function.call(n=1)
    with ThreadPoolExecutor(1) as pool:
        calling = pool.submit(function.call, n=2, begun=str(begun), sleep=10)
        until(begun.exists, bool, 10)
        os.kill(first["pid"], signal.SIGKILL)
        error, document = calling.result(timeout=30)
    assert error == "Unhandled"
    assert document["errorType"] == "Runtime.ExitError"
    assert begun.read_text() == "once"


def test_a_burst_is_answered_without_a_thread_or_a_process_for_each_call(edge, function):
    function.call(n=0)
    process = edge_process(edge)
    before, most = process.num_threads(), 0
    with ThreadPoolExecutor(60) as pool:
        calls = [pool.submit(function.call, n=n) for n in range(300)]
        while not all(call.done() for call in calls):
            most = max(most, process.num_threads())
    assert sorted(call.result()[1]["n"] for call in calls) == list(range(300))
    assert most - before < 100


def test_each_call_of_a_burst_is_counted_by_cloudwatch(edge, function):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: function.call(n=n), range(40)))
    assert until(lambda: invocations(edge, function.name), (40.0).__eq__, 30) == 40.0


def invocations(edge: Stack, name: str) -> float:
    now = datetime.now(UTC)
    found = edge.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum"],
    )
    return sum(point["Sum"] for point in found["Datapoints"])


def edge_process(edge: Stack) -> psutil.Process:
    port = int(edge.url.rpartition(":")[2])
    return next(
        psutil.Process(c.pid)
        for c in psutil.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr.port == port
    )
