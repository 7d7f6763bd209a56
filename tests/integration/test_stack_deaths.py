"""One stack whose processes are killed, its supervisor too: `lake up` alone brings all back."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from lake.settings import ROOT
from tests.support.functions import new_function
from tests.support.stack import Stack, started_stack

LAKE = str(Path(sys.executable).parent / "lake")
PARTS = ("edge", "spark", "dashboard")
ACCOUNT = "000000000000"
SECONDS = 6  # that the credentials of a role last


class Killed(Stack):
    """A stack, seen through the command line and the machine's table of processes."""

    def pids(self, part: str) -> set[int]:
        """The processes of a part; what the stack is told by in the environment is asked here."""
        found = set()
        for process in psutil.process_iter():
            try:
                variables = process.environ()
                is_there = process.status() != psutil.STATUS_ZOMBIE
            except (psutil.Error, OSError):
                continue
            is_ours = variables.get("LAKE_STACK") == str(self.folder.resolve())
            if is_there and is_ours and variables.get("LAKE_PART") == part:
                found.add(process.pid)
        return found

    def kill(self, part: str) -> None:
        for pid in self.pids(part):
            os.kill(pid, signal.SIGKILL)

    def states(self) -> dict[str, str]:
        done = subprocess.run(
            [LAKE, "status", "--json"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return {part["name"]: part["state"] for part in json.loads(done.stdout)}

    def is_whole(self) -> bool:
        return set(self.states().values()) == {"healthy"}

    def log(self) -> str:
        return (self.folder / "logs" / "stack.log").read_text()


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Killed]:
    settings = {"SPARK_WARM_DRIVERS": "0", "IAM_MODE": "enforce"}
    settings["ROLE_CREDENTIALS_SECONDS"] = str(SECONDS)
    with started_stack(tmp_path_factory.mktemp("lake"), Killed, **settings) as running:
        running.client("s3").create_bucket(Bucket="kept")
        yield running


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_is_started_again_alone(stack, part):
    others = {name: stack.pids(name) for name in PARTS if name != part}
    stack.kill(part)
    stack.wait_for(lambda: f"{part} | ended by SIGKILL: started again" in stack.log())
    stack.wait_for(stack.is_whole)
    assert {name: stack.pids(name) for name in others} == others


WORKER = f"arn:aws:iam::{ACCOUNT}:role/worker"
FUNCTION = """import os, boto3
s3 = boto3.client("s3")
def handle(event, context):
    body = s3.get_object(Bucket="worked-on", Key="in/a")["Body"].read().decode()
    return [body, os.environ["AWS_ACCESS_KEY_ID"]]
"""
JOB = """import time, boto3
from pyspark.sql import SparkSession
s3, spark = boto3.client("s3"), SparkSession.builder.getOrCreate()
print("before", spark.read.text("s3://worked-on/in/").count())
s3.put_object(Bucket="worked-on", Key="started", Body=b"")
while True:
    try:
        s3.head_object(Bucket="worked-on", Key="go-on")
        break
    except Exception:
        time.sleep(0.3)
print("after", spark.read.text("s3://worked-on/in/").count())
spark.range(3).coalesce(1).write.csv("s3://worked-on/out")
print(boto3.client("sts").get_caller_identity()["Arn"])
"""


def make_worker(stack: Killed) -> None:
    """A role that may do all in one bucket and nothing else, as the calls here are judged."""
    iam, s3 = stack.client("iam"), stack.client("s3")
    services = {"Service": ["lambda.amazonaws.com", "emr-serverless.amazonaws.com"]}
    trust = {"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}
    own = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::worked-on*"}
    documents = [{"Version": "2012-10-17", "Statement": [one]} for one in (trust, own)]
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(documents[0]))
    iam.put_role_policy(
        RoleName="worker", PolicyName="own", PolicyDocument=json.dumps(documents[1])
    )
    s3.create_bucket(Bucket="worked-on")
    for key, body in (("in/a", "text"), ("job.py", JOB)):
        s3.put_object(Bucket="worked-on", Key=key, Body=body.encode())


def test_a_job_and_a_function_outlive_their_credentials_and_the_endpoint(stack):
    make_worker(stack)
    emr, s3 = stack.client("emr-serverless"), stack.client("s3")
    application = emr.create_application(releaseLabel="emr-7.12.0", type="SPARK")["applicationId"]
    logs = {"s3MonitoringConfiguration": {"logUri": "s3://worked-on/logs"}}
    run = emr.start_job_run(
        applicationId=application,
        executionRoleArn=WORKER,
        jobDriver={"sparkSubmit": {"entryPoint": "s3://worked-on/job.py"}},
        configurationOverrides={"monitoringConfiguration": logs},
    )["jobRunId"]
    function = new_function(stack, FUNCTION, Role=WORKER)
    first = answer_of(stack, function)
    stack.wait_for(lambda: "started" in stack.keys("worked-on", ""), 200)
    stack.kill("edge")
    stack.wait_for(stack.is_whole)
    time.sleep(SECONDS)
    second = answer_of(stack, function)
    s3.put_object(Bucket="worked-on", Key="go-on", Body=b"")

    def state() -> str:
        return emr.get_job_run(applicationId=application, jobRunId=run)["jobRun"]["state"]

    stack.wait_for(lambda: state() in ("SUCCESS", "FAILED"), 200)
    (log,) = [key for key in stack.keys("worked-on", "logs/") if key.endswith("stdout.gz")]
    printed = gzip.decompress(s3.get_object(Bucket="worked-on", Key=log)["Body"].read()).decode()
    assert state() == "SUCCESS"
    assert printed.split()[:4] == ["before", "1", "after", "1"]
    assert printed.split()[4].startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/")
    assert stack.keys("worked-on", "out/part-")
    # The function's code, and its client, are older than its first credentials' end.
    time.sleep(SECONDS)
    third = answer_of(stack, function)
    assert [one[0] for one in (first, second, third)] == ["text"] * 3
    assert second[1] != third[1]


def answer_of(stack: Killed, function: str) -> list[str]:
    answer = stack.client("lambda").invoke(FunctionName=function)
    return list(json.loads(answer["Payload"].read()))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ends parts with their supervisor")
def test_the_parts_end_with_a_supervisor_that_is_killed(stack):
    stack.kill("supervisor")
    stack.wait_for(lambda: not any(stack.pids(part) for part in PARTS), 10)
    assert stack.lake("down") == "Not running\n"
    stack.lake("up")
    assert stack.is_whole()


def test_what_a_supervisor_left_is_found_by_up_and_by_down(stack):
    """As on a system that does not end parts with their supervisor."""
    stack.lake("down")
    left = started_without_supervisor(stack)
    assert stack.lake("down") == "Stopped\n"
    assert left.wait(10) != 0
    left = started_without_supervisor(stack)
    stack.lake("up")
    assert left.wait(10) != 0
    assert stack.is_whole()


def started_without_supervisor(stack: Killed) -> subprocess.Popen[bytes]:
    """A server at the endpoint's port with the marks of the stack's edge."""
    port = stack.url.rpartition(":")[2]
    marks = {"LAKE_STACK": str(stack.folder.resolve()), "LAKE_PART": "edge"}
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1"],
        env={**os.environ, **marks},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.wait_for(lambda: bool(stack.pids("edge")), 10)
    return server


def test_every_process_is_killed_at_once_and_up_alone_brings_all_back(stack):
    for part in ("supervisor", *PARTS):
        stack.kill(part)
    stack.lake("up")
    assert stack.is_whole()
    assert "kept" in {found["Name"] for found in stack.client("s3").list_buckets()["Buckets"]}


def test_a_part_that_ends_over_and_over_is_given_up_and_up_tries_it_again(stack):
    until = time.monotonic() + 100
    while "given up" not in stack.log():
        assert time.monotonic() < until
        stack.kill("dashboard")
        time.sleep(0.2)
    told = stack.lake("status", expect=1)
    assert "ended by SIGKILL, 5 times within 120 s" in told
    assert "dashboard | given up: ended by SIGKILL, 5 times within 120 s" in stack.log()
    assert stack.states()["edge"] == "healthy"
    stack.lake("up")
    assert stack.is_whole()


def test_two_ups_at_once_start_one_stack_and_keep_the_log_of_the_one_before(stack):
    with (stack.folder / "logs" / "stack.log").open("a") as log:
        log.write("12:00:00 edge | the last words\n")
    assert stack.lake("down") == "Stopped\n"
    (stack.folder / "stack.pid").write_text(str(os.getpid()))  # as an earlier version left it
    assert stack.lake("down") == "Not running\n"
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: stack.lake("up"), range(2)))
    assert len(stack.pids("supervisor")) == 1
    assert stack.is_whole()
    assert "the last words" in (stack.folder / "logs" / "stack.log.1").read_text()
    assert "the last words" not in stack.log()


def test_up_while_down_is_at_work_waits_for_it(stack):
    before = stack.pids("edge")
    going = stack.lake_in_background("down")
    stack.wait_for(lambda: not stack.pids("dashboard"), 20)
    stack.lake("up")
    assert going.wait(60) == 0
    assert stack.is_whole()
    assert stack.pids("edge").isdisjoint(before)
