"""What the edge mends in LocalStack or adds: whole listings, Lambda by processes, its port."""

from __future__ import annotations

import ctypes
import gzip
import io
import json
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from deltalake import DeltaTable, write_deltalake
from pyarrow import table
from pyarrow.fs import S3FileSystem

from tests.support.process_stack import ProcessStack
from tests.support.stack import Stack

KEYS = 2500
CODE = """
import os, time
def handle(event, context):
    print("seen", event["n"])
    time.sleep(event.get("sleep", 0))
    if event.get("exit"):
        os._exit(3)
    if event.get("megabytes"):
        held = bytearray(event["megabytes"] * 2**20)
        time.sleep(1)
    if event.get("fail"):
        raise ValueError("no luck")
    return {"n": event["n"], "setting": os.environ["SETTING"], "pid": os.getpid()}
"""


@pytest.fixture(scope="module")
def many(edge: Stack) -> Stack:
    s3 = edge.client("s3")
    s3.create_bucket(Bucket="many-keys")
    with ThreadPoolExecutor(8) as pool:
        names = [f"events/event_date=2026-01-14/{n:05} +é.json" for n in range(KEYS)]
        list(pool.map(lambda key: s3.put_object(Bucket="many-keys", Key=key, Body=b"x"), names))
    return edge


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ("list_objects", "Contents"),
        ("list_objects_v2", "Contents"),
        ("list_object_versions", "Versions"),
    ],
)
def test_every_listing_by_boto3_is_whole(many, operation, field):
    pages = many.client("s3").get_paginator(operation).paginate(Bucket="many-keys")
    keys = [entry["Key"] for page in pages for entry in page[field]]
    assert len(keys) == len(set(keys)) == KEYS
    assert keys[0] == "events/event_date=2026-01-14/00000 +é.json"


def test_a_listing_by_the_aws_command_line_is_whole(many):
    aws = [str(Path(sys.executable).parent / "aws"), "--endpoint-url", many.url]
    listed = subprocess.run(
        [*aws, "s3", "ls", "--recursive", "s3://many-keys/events/event_date=2026-01-14/"],
        env={
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        check=True,
    )
    assert len(listed.stdout.splitlines()) == KEYS


def test_a_listing_by_deltalake_is_whole(many):
    options = {
        "AWS_ENDPOINT_URL": many.url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "conditional_put": "etag",
    }
    s3 = many.client("s3")
    s3.create_bucket(Bucket="many-files")
    uri = "s3://many-files/t"
    rows = table({"day": ["2026-01-14"], "n": [1]})
    write_deltalake(uri, rows, partition_by=["day"], storage_options=options)
    names = [f"t/day=2026-01-14/unreferenced-{n:05}.parquet" for n in range(KEYS)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.put_object(Bucket="many-files", Key=key, Body=b"x"), names))
    unreferenced = DeltaTable(uri, storage_options=options).vacuum(
        retention_hours=0, dry_run=True, enforce_retention_duration=False, full=True
    )
    assert len(unreferenced) == KEYS


def test_a_body_in_chunks_with_a_checksum_after_it_is_stored(edge):
    """So Arrow's client sends it, that of AWS for C++."""
    edge.client("s3").create_bucket(Bucket="chunks")
    files = S3FileSystem(
        access_key="test",
        secret_key="test",
        region="us-east-1",
        scheme="http",
        endpoint_override=edge.url.removeprefix("http://"),
        request_timeout=20,
    )
    content = b"line\n" * 200_000
    with files.open_output_stream("chunks/lines") as stream:
        stream.write(content)
    stored = edge.client("s3").get_object(Bucket="chunks", Key="lines")
    assert stored["Body"].read() == content


def test_a_listing_by_a_spark_job_is_whole(many):
    job = b"""
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
path = spark._jvm.org.apache.hadoop.fs.Path("s3://many-keys/events/")
files = path.getFileSystem(spark._jsc.hadoopConfiguration()).listFiles(path, True)
count = 0
while files.hasNext():
    files.next()
    count += 1
print("listed", count)
"""
    many.client("s3").put_object(Bucket="many-keys", Key="job.py", Body=job)
    runs = many.client("emr-serverless")
    application = runs.create_application(name="t", type="SPARK", releaseLabel="emr-7.12.0")
    started = runs.start_job_run(
        applicationId=application["applicationId"],
        executionRoleArn="arn:aws:iam::000000000000:role/any",
        jobDriver={"sparkSubmit": {"entryPoint": "s3://many-keys/job.py"}},
        configurationOverrides={
            "monitoringConfiguration": {
                "s3MonitoringConfiguration": {"logUri": "s3://many-keys/logs/"}
            }
        },
    )
    known = {"applicationId": started["applicationId"], "jobRunId": started["jobRunId"]}
    many.wait_for(lambda: runs.get_job_run(**known)["jobRun"]["state"] in ("SUCCESS", "FAILED"))
    assert runs.get_job_run(**known)["jobRun"]["state"] == "SUCCESS"
    key = (
        f"logs/applications/{known['applicationId']}/jobs/{known['jobRunId']}"
        "/SPARK_DRIVER/stdout.gz"
    )
    stdout = many.client("s3").get_object(Bucket="many-keys", Key=key)["Body"].read()
    assert gzip.decompress(stdout) == f"listed {KEYS}\n".encode()


@pytest.fixture(scope="module")
def function(edge: Stack):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("a-module.py", CODE)
    edge.client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")
    functions = edge.client("lambda")
    functions.create_function(
        FunctionName="any",
        Runtime="python3.11",
        Handler="a-module.handle",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": archive.getvalue()},
        Timeout=2,
        MemorySize=128,
        Environment={"Variables": {"SETTING": "é"}},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="any")

    def invoke(**event):
        answer = functions.invoke(FunctionName="any", Payload=json.dumps(event))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    return invoke


def test_a_function_runs_with_its_environment_in_a_process_that_is_used_again(function):
    _, first = function(n=1)
    _, second = function(n=2)
    assert (first["n"], first["setting"], second["n"]) == (1, "é", 2)
    assert first["pid"] == second["pid"]


@pytest.mark.parametrize(
    ("event", "kind", "message"),
    [
        ({"fail": True}, "ValueError", "no luck"),
        ({"sleep": 5}, "Sandbox.Timedout", "Task timed out after 2.00 seconds"),
        ({"exit": True}, "Runtime.ExitError", "exit status 3"),
        ({"megabytes": 300}, "Runtime.OutOfMemory", "signal: killed"),
    ],
    ids=["exception", "timeout", "exit", "memory"],
)
def test_a_function_that_breaks_is_an_error_and_the_next_call_works(function, event, kind, message):
    error, document = function(n=0, **event)
    assert error == "Unhandled"
    assert document["errorType"] == kind
    assert message in document["errorMessage"]
    assert function(n=3)[1]["n"] == 3


def test_a_runtime_that_is_not_here_is_refused(edge):
    functions = edge.client("lambda")
    functions.create_function(
        FunctionName="other",
        Runtime="nodejs20.x",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": b"PK\x05\x06" + b"\x00" * 18},
    )
    waiter = functions.get_waiter("function_active_v2")
    with pytest.raises(Exception, match="Failed"):
        waiter.wait(FunctionName="other", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    state = functions.get_function(FunctionName="other")["Configuration"]
    assert state["State"] == "Failed"


def test_the_endpoint_listens_on_the_loopback_address_only(edge):
    port = int(edge.url.rsplit(":", 1)[1])
    listening = [
        c.laddr.ip
        for c in psutil.net_connections("tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr.port == port
    ]
    assert listening == ["127.0.0.1"]


@pytest.mark.skipif(sys.platform != "linux", reason="signals one thread, as Linux alone can")
def test_the_edge_stops_whichever_of_its_threads_the_signal_reaches(tmp_path):
    with ProcessStack(tmp_path) as stack:
        stack.start_edge()
        edge = stack.running("edge")
        other = next(t.id for t in psutil.Process(edge.pid).threads() if t.id != edge.pid)

        assert ctypes.CDLL(None).tgkill(edge.pid, other, signal.SIGTERM) == 0

        assert edge.wait(timeout=30) == 0
