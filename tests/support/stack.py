"""A whole embedded stack for a test: free ports, own data, driven by the command line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
import psutil
import requests
from deltalake import DeltaTable

from lake.settings import ROOT, Settings
from lake.tables import connect
from pipeline.names import GOLD
from tests.support.time_spent import start_of

PORTS = ("EDGE_PORT", "SPARK_PORT", "DASHBOARD_PORT", "CALENDLY_PORT")


class Stack:
    summary: dict[str, Any]
    first_run: dict[str, Any]

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.url = f"http://127.0.0.1:{environment['EDGE_PORT']}"
        self.folder = Path(environment["LAKE_DIR"])
        self._clients: dict[str, Any] = {}

    def lake(
        self, *arguments: str, expect: int = 0, seconds: float = 400, with_errors: bool = False
    ) -> str:
        """What it prints; `with_errors`, what it writes to its standard error after that."""
        done = subprocess.run(
            [str(Path(sys.executable).parent / "lake"), *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == expect, f"lake {arguments}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr if with_errors else done.stdout

    def lake_in_background(self, *arguments: str, output: bool = False) -> subprocess.Popen[bytes]:
        """With `output`, what it prints can be read from its stdout."""
        command = [str(Path(sys.executable).parent / "lake"), *arguments]
        return subprocess.Popen(
            command,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdout=subprocess.PIPE if output else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if output else subprocess.DEVNULL,
        )

    def kill_drivers(self) -> int:
        """Kill every Spark driver of this stack at once, Python and Java; how many there were."""
        killed = 0
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if not {"services.spark.driver", "pyspark-shell"} & set(process.cmdline()):
                    continue
                if process.environ().get("LAKE_DIR") == self.environment["LAKE_DIR"]:
                    os.killpg(process.pid, signal.SIGKILL)
                    killed += 1
        return killed

    @staticmethod
    def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not so within {seconds} s"
            time.sleep(0.1)  # each look has its cost: to make one pauseless takes a core

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name="us-east-1",
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        return self._clients[service]

    def keys(self, bucket: str, prefix: str) -> list[str]:
        pages = self.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=bucket, Prefix=prefix)
        return [entry["Key"] for page in found for entry in page.get("Contents", [])]

    def objects(self, bucket: str, prefix: str) -> dict[str, str]:
        s3 = self.client("s3")
        return {
            key: s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
            for key in self.keys(bucket, prefix)
        }

    def table(self, uri: str) -> DeltaTable:
        options = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }
        return DeltaTable(uri, storage_options=options)

    def query(self, sql: str) -> list[tuple]:
        port = int(self.url.rsplit(":", 1)[1])
        settings = Settings("embedded", Path(), Path(), "127.0.0.1", port, 0, 0, {})
        return connect(settings, sql).sql(sql).fetchall()

    def count(self, table: str) -> int:
        return self.query(f"SELECT count(*) FROM {table}")[0][0]

    def gold(self) -> dict[str, list[tuple]]:
        return {name: self.query(f"SELECT * FROM {name} ORDER BY ALL") for name in GOLD}

    def gold_versions(self) -> dict[str, int]:
        return {n: self.table(f"s3://project6-gold-bucket/{n}").version() for n in GOLD}

    def log_text(self, group: str) -> str:
        pages = self.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group)
        return "\n".join(event["message"] for page in found for event in page["events"])

    def remove_pipeline(self, prefix: str = "project6") -> None:
        """Its buckets emptied, as a deletion needs it, and those that the stack keeps as well."""
        s3, stacks = self.client("s3"), self.client("cloudformation")
        names = [one["Name"] for one in s3.list_buckets()["Buckets"]]
        names = [name for name in names if name.startswith(f"{prefix}-")]
        for name in names:
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
                entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                found = [
                    {"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries
                ]
                if found:
                    s3.delete_objects(Bucket=name, Delete={"Objects": found})
        stacks.delete_stack(StackName=prefix)
        stacks.get_waiter("stack_delete_complete").wait(StackName=prefix, WaiterConfig={"Delay": 1})
        kept = {one["Name"] for one in s3.list_buckets()["Buckets"]}
        for name in kept.intersection(names):
            s3.delete_bucket(Bucket=name)

    def webhook_url(self) -> str:
        stacks = self.client("cloudformation").describe_stacks(StackName="project6")["Stacks"]
        outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks[0]["Outputs"]}
        return f"{self.url}/_aws/execute-api/{outputs['RestApiId']}/prod/webhook"

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> requests.Response:
        return requests.post(self.webhook_url(), data=body, headers=headers or {}, timeout=30)


@contextmanager
def started_stack(lake_dir: Path, kind: type[Any] | None = None, **settings: str) -> Iterator[Any]:
    environment = {
        **os.environ,
        "MODE": "embedded",
        "LAKE_DIR": str(lake_dir),
        "LAKE_JARS": str(ROOT / ".lake" / "jars"),
        **dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True)),
        **settings,
    }
    stack = (kind or Stack)(environment)
    try:
        with start_of("a whole stack"):
            stack.lake("up")
        yield stack
    finally:
        stack.lake("down")


def free_ports(count: int) -> list[int]:
    """All different: each is held until the last is drawn."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def free_port() -> int:
    return free_ports(1)[0]
