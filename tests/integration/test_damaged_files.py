"""Files of LAKE_DIR that were damaged while the stack was down: told, never served as if whole."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from services.spark.__main__ import kept
from services.spark.runs import DamagedRunError, Runs
from tests.support.process_stack import LAKE, ProcessStack
from tests.support.raw_http import exchange, request
from tests.support.stack import free_port

BUCKET, SIZE = "damaged", 300_000


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[ProcessStack]:
    with ProcessStack(tmp_path_factory.mktemp("damaged")) as running:
        running.start_edge()
        running.client("s3").create_bucket(Bucket=BUCKET)
        yield running


def data_file(stack: ProcessStack, content: bytes) -> Path:
    found = (stack.folder / "s3" / "data").glob("*/*")
    return next(path for path in found if path.read_bytes() == content)


def test_data_of_another_size_is_an_error_at_once_and_the_rest_is_served(stack):
    s3 = stack.client("s3", attempts=1)
    for key, size in (("cut", 1), ("empty", 0), ("grown", SIZE + 5), ("gone", None)):
        content = key.encode() * SIZE
        s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        path = data_file(stack, content)
        if size is None:
            path.unlink()
        else:
            path.write_bytes((content * 2)[: len(content) // 2 if size == 1 else size])
        for wanted in ({}, {"Range": "bytes=0-9"}, {"Range": f"bytes={SIZE - 10}-"}):
            with pytest.raises(ClientError, match="InternalError.*damaged.*expected") as told:
                s3.get_object(Bucket=BUCKET, Key=key, **wanted)
            assert told.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        with pytest.raises(ClientError, match=path.name):
            s3.get_object(Bucket=BUCKET, Key=key)
        with pytest.raises(ClientError, match="InternalError"):
            s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/{key}")
        seen = exchange(stack.url, request("GET", f"/{BUCKET}/{key}", "Connection: close"))
        assert (seen.status, seen.is_closed) == (500, True)
    s3.put_object(Bucket=BUCKET, Key="whole", Body=b"whole")
    assert s3.get_object(Bucket=BUCKET, Key="whole")["Body"].read() == b"whole"
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="copy")


def test_a_damaged_part_is_not_made_into_an_object(stack):
    s3 = stack.client("s3", attempts=1)
    known = {"Bucket": BUCKET, "Key": "parts"}
    known["UploadId"] = s3.create_multipart_upload(**known)["UploadId"]
    etag = s3.upload_part(**known, PartNumber=1, Body=b"the only part")["ETag"]
    data_file(stack, b"the only part").write_bytes(b"half")
    with pytest.raises(ClientError, match="InternalError"):
        s3.complete_multipart_upload(
            **known, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}
        )
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="parts")


FILES = ["edge.sqlite", "catalog.sqlite", "services.sqlite", "s3/metadata.sqlite"]


def test_each_damaged_file_ends_the_start_and_is_named(stack):
    stack.stop("edge")
    log = stack.logs / "edge.log"
    for name in FILES:
        path = stack.folder / name
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = path.read_bytes()
        noise = os.urandom(50_000)
        path.write_bytes(noise)
        with pytest.raises(AssertionError, match="edge ended at its start"):
            stack.start_edge()
        told = log.read_text()
        assert f"in {path} cannot be read: " in told
        assert "Put back a copy of LAKE_DIR, or start empty with `lake reset`" in told
        assert path.read_bytes() == noise
        path.write_bytes(whole)
    stack.start_edge()
    assert stack.client("s3").list_buckets()["Buckets"][0]["Name"] == BUCKET


def test_damaged_state_of_a_service_is_told_and_nothing_is_served_over_it(stack):
    stack.client("logs").create_log_group(logGroupName="/g")
    stack.stop("edge")
    path = stack.folder / "services.sqlite"
    whole = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE services SET state = x'00' WHERE name = 'logs'")
    with pytest.raises(AssertionError, match="edge ended at its start"):
        stack.start_edge()
    told = (stack.logs / "edge.log").read_text()
    assert "The state of logs " in told
    assert f"in {path} cannot be read" in told
    path.write_bytes(whole)
    stack.start_edge()


def test_lake_up_says_that_the_metadata_of_s3_are_damaged(stack):
    stack.stop("edge")
    path = stack.folder / "s3" / "metadata.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:5000])
    ports = {name: str(free_port()) for name in ("SPARK_PORT", "DASHBOARD_PORT")}
    environment = {**os.environ, **stack.variables, **ports, "SPARK_WARM_DRIVERS": "0"}
    done = subprocess.run(
        [LAKE, "up"], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    subprocess.run([LAKE, "down"], env=environment, timeout=60, check=True)  # the parts that run
    path.write_bytes(whole)
    assert done.returncode == 1
    assert "Healthy" not in done.stdout
    told = done.stdout + done.stderr
    assert f"The metadata of S3 in {path} cannot be read" in told
    assert "edge ended with exit code 65: its data are damaged" in told
    log = (stack.folder / "logs" / "stack.log").read_text()
    assert "edge | given up" in log
    assert "started again" not in log  # it would find the same each time
    stack.start_edge()


@pytest.mark.parametrize("content", [b"", b"\x5a" * 100, b"[]", b'{"run_id": "1"}'])
def test_a_damaged_run_of_spark_is_named(tmp_path, content):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "run.json").write_bytes(content)
    with pytest.raises(DamagedRunError, match=r"1/run\.json cannot be read"):
        Runs(tmp_path)
    with pytest.raises(SystemExit) as ended:
        kept(tmp_path)
    assert ended.value.code == 65
