"""The Spark service as a process over HTTP, for the tests of it, and an S3 beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import requests

from lake.settings import ROOT
from tests.support.stack import free_port
from tests.support.time_spent import start_of

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
JARS = ROOT / ".lake" / "jars"
# Without them a job has a JVM of its own, as Delta is in those that stay.
LIB = "/usr/share/aws/delta/lib"
DELTA_JARS = f"--jars {LIB}/delta-spark.jar,{LIB}/delta-storage.jar"


class Service:
    """The service as a process, and an S3 beside it."""

    def __init__(self, folder: Path, edge_url: str) -> None:
        self.folder, self.edge_url = folder, edge_url
        self.url = f"http://127.0.0.1:{free_port()}"
        self._environment = {
            **os.environ,
            "LAKE_DIR": str(folder),
            "LAKE_JARS": str(JARS),
            "AWS_ENDPOINT_URL": edge_url,
            "SPARK_PORT": self.url.rpartition(":")[2],
            "SPARK_WARM_DRIVERS": "1",
            "SPARK_MAX_CONCURRENT_RUNS": "4",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        self.http = requests.Session()
        self.s3 = boto3.client(
            "s3",
            endpoint_url=edge_url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def start(self) -> None:
        command = [sys.executable, "-m", "services.spark"]
        with (self.folder / "service.log").open("ab") as log, start_of("a Spark service"):
            self.process = subprocess.Popen(
                command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )
            until(lambda: is_answering(f"{self.url}/health"), 300)
        token = (self.folder / "spark.token").read_text()
        self.http.headers.update({"Authorization": f"Bearer {token}", "Connection": "close"})

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(120)
        until(lambda: not descendants(self.folder), 20)

    def health(self) -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(f"{self.url}/health", timeout=30).json()
        return answer

    def put(self, key: str, body: str | bytes) -> str:
        content = body if isinstance(body, bytes) else body.encode()
        self.s3.put_object(Bucket="code", Key=key, Body=content)
        return f"s3://code/{key}"

    def submit(self, script: str, **settings: Any) -> str:
        """A run; unless told otherwise, it names Delta's jars."""
        run_id = uuid.uuid4().hex
        entry_point = settings.pop("entry_point", None) or self.put(f"{run_id}.py", script)
        named = {"spark_submit_parameters": DELTA_JARS}
        body = {"run_id": run_id, "entry_point": entry_point, **named, **settings}
        answer = self.http.post(f"{self.url}/runs", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        return run_id

    def get(self, run_id: str, query: str = "") -> dict[str, Any]:
        run: dict[str, Any] = self.http.get(f"{self.url}/runs/{run_id}{query}", timeout=90).json()
        return run

    def until(self, run_id: str, *states: str, seconds: float = 240) -> dict[str, Any]:
        deadline, run = time.monotonic() + seconds, self.get(run_id)
        while run["state"] not in states:
            assert run["state"] not in ENDED, f"expected {states}: {run}\n{self.log(run_id)}"
            assert time.monotonic() < deadline, f"expected {states}: {run}"
            run = self.get(run_id, f"?after={run['version']}&wait=5")
        return run

    def cancel(self, run_id: str) -> dict[str, Any]:
        run: dict[str, Any] = self.http.post(f"{self.url}/runs/{run_id}/cancel", timeout=60).json()
        return run

    def log(self, run_id: str, stream: str = "stderr") -> str:
        return self.http.get(f"{self.url}/runs/{run_id}/logs/{stream}", timeout=30).text

    def ui(self, run_id: str) -> str:
        answer = self.http.get(f"{self.url}/runs/{run_id}/ui", timeout=60)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])


def is_answering(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def until(is_so: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.1)


def descendants(folder: Path) -> list[str]:
    """Commands of guards and drivers whose data is in the folder, whatever started them."""
    found = []
    for process in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"SPARK_CONF_DIR={folder}/" in process.read_bytes().decode(errors="replace"):
                found.append((process.parent / "cmdline").read_text())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@contextmanager
def started_s3(folder: Path) -> Iterator[str]:
    """The address of an edge that has only S3."""
    port = free_port()
    environment = {
        **os.environ,
        "LAKE_DIR": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "SERVICES": "s3",
        "PROVIDER_OVERRIDE_S3": "durable",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
    }
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "localstack.runtime.main"],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        with start_of("an edge"):
            until(lambda: is_answering(f"http://127.0.0.1:{port}/_localstack/health"), 300)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(120)
