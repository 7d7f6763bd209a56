"""A driver's output: copied while it grows, whole at the end, at the names that are AWS's."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.edge.aws import spark_output, spark_retries
from services.edge.aws.spark_output import Output
from services.edge.emr_serverless.documents import log_places
from services.edge.spark_client import SparkServiceError

RUN = {"applicationId": "00app", "jobRunId": "00run", "attempt": 2}
PLACE = "applications/00app/jobs/00run/attempts/2/SPARK_DRIVER"
CLOUDWATCH = {"cloudWatchLoggingConfiguration": {"enabled": True}}
S3 = {"s3MonitoringConfiguration": {"logUri": "s3://logs/emr/"}}


class Missing(Exception):
    pass


class Driver:
    """What a driver has written, and the two services that it is copied to."""

    class exceptions:
        ResourceNotFoundException = Missing
        ResourceAlreadyExistsException = Missing

    def __init__(self) -> None:
        self.written = {"stdout": b"", "stderr": b""}
        self.lines: dict[str, list[str]] = {}
        self.objects: dict[str, str] = {}
        self.unreachable = 0

    def read(self, stream: str, offset: int) -> bytes:
        if self.unreachable:
            self.unreachable -= 1
            raise SparkServiceError("Spark service cannot be reached", refused=False)
        return self.written[stream][offset:]

    def client(self, _: str) -> Driver:
        return self

    def create_log_group(self, **_: Any) -> None:
        raise Missing

    def create_log_stream(self, logGroupName: str, logStreamName: str) -> None:
        self.lines.setdefault(f"{logGroupName}:{logStreamName}", [])

    def delete_log_stream(self, logGroupName: str, logStreamName: str) -> None:
        self.lines.pop(f"{logGroupName}:{logStreamName}", None)

    def put_log_events(self, logGroupName: str, logStreamName: str, logEvents: Any) -> None:
        messages = [event["message"] for event in logEvents]
        self.lines[f"{logGroupName}:{logStreamName}"] += messages

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        if Bucket == "absent":
            raise ClientError({"Error": {"Code": "NoSuchBucket"}}, "PutObject")
        self.objects[f"{Bucket}/{Key}"] = gzip.decompress(Body).decode()

    def output(self, where: dict[str, Any]) -> Output:
        return Output(
            "00run",
            self.read,
            self.client,
            self.client,
            log_streams=log_places.log_streams(where, RUN),
            objects=log_places.objects(where, RUN),
        )


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    monkeypatch.setattr(spark_output, "APPEND_SECONDS", 0.01)
    monkeypatch.setattr(spark_output, "UPLOAD_SECONDS", 0.01)
    monkeypatch.setattr(spark_retries, "PAUSE_SECONDS", 0.01)
    return Driver()


@contextmanager
def copying(copied: Output) -> Iterator[None]:
    ended = threading.Event()
    copier = threading.Thread(target=copied.copy_until, args=(ended,))
    copier.start()
    try:
        yield
    finally:
        ended.set()
        copier.join()


def until(look: Any, expected: Any) -> None:
    deadline = time.monotonic() + 5
    while (found := look()) != expected:
        assert time.monotonic() < deadline, f"{found}, expected {expected}"
        time.sleep(0.005)


def test_whole_lines_are_in_cloudwatch_while_the_driver_writes_and_the_rest_at_its_end(
    driver: Driver,
) -> None:
    stream = f"/aws/emr-serverless:/{PLACE}/stdout"
    copied = driver.output(CLOUDWATCH)
    with copying(copied):
        driver.written["stdout"] = b"one\ntw"
        until(lambda: driver.lines.get(stream), ["one"])
        driver.written["stdout"] += "o\nthré".encode()
        until(lambda: driver.lines.get(stream), ["one", "two"])
    assert copied.finish() == []
    assert driver.lines[stream] == ["one", "two", "thré"]
    assert driver.lines[f"/aws/emr-serverless:/{PLACE}/stderr"] == []
    assert driver.objects == {}


def test_objects_in_s3_are_refreshed_while_the_driver_writes(driver: Driver) -> None:
    key = f"logs/emr/{PLACE}/stderr.gz"
    copied = driver.output(S3)
    with copying(copied):
        driver.written["stderr"] = b"WARN a\n"
        until(lambda: driver.objects.get(key), "WARN a\n")
    driver.written["stderr"] += b"WARN b"
    assert copied.finish() == []
    assert driver.objects == {key: "WARN a\nWARN b", f"logs/emr/{PLACE}/stdout.gz": ""}
    assert driver.lines == {}


def test_output_copied_before_a_restart_of_the_edge_is_not_there_twice(driver: Driver) -> None:
    driver.written["stdout"] = b"one\n"
    driver.output(CLOUDWATCH).finish()
    driver.output(CLOUDWATCH).finish()
    assert driver.lines[f"/aws/emr-serverless:/{PLACE}/stdout"] == ["one"]


def test_only_the_wanted_streams_are_copied_to_the_wanted_group(driver: Driver) -> None:
    where = {
        "enabled": True,
        "logGroupName": "own",
        "logStreamNamePrefix": "nightly",
        "logTypes": {"SPARK_DRIVER": ["STDERR"]},
    }
    driver.written = {"stdout": b"out\n", "stderr": b"err\n"}
    driver.output({"cloudWatchLoggingConfiguration": where}).finish()
    assert driver.lines == {f"own:nightly/{PLACE}/stderr": ["err"]}


def test_a_missing_bucket_is_reported_and_keeps_no_line_from_cloudwatch(driver: Driver) -> None:
    driver.written["stdout"] = b"one\n"
    absent = {"s3MonitoringConfiguration": {"logUri": "s3://absent/"}}
    problems = driver.output({**CLOUDWATCH, **absent}).finish()
    assert [problem.split(":")[0] for problem in problems] == [
        "The driver's stdout was not written to s3",
        "The driver's stderr was not written to s3",
    ]
    assert driver.lines[f"/aws/emr-serverless:/{PLACE}/stdout"] == ["one"]


def test_a_short_absence_of_spark_loses_no_output(driver: Driver) -> None:
    driver.written["stdout"] = b"one\n"
    driver.unreachable = 3
    assert driver.output(CLOUDWATCH).finish() == []
    assert driver.lines[f"/aws/emr-serverless:/{PLACE}/stdout"] == ["one"]
