"""An edge whose Spark jobs are plain Python processes: quick, and each part can be restarted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import boto3
import requests
from botocore.config import Config

from lake.processes import Process, edge
from lake.settings import ROOT, Settings
from tests.support.ending import end
from tests.support.stack import free_ports
from tests.support.time_spent import start_of

NAMES = {"edge": "an edge", "spark": "process_spark"}
LAKE = str(Path(sys.executable).parent / "lake")


class ProcessStack:
    """Leaving it as a context stops what it has started."""

    def __init__(self, folder: Path, logs: Path | None = None) -> None:
        self.folder = folder
        self.logs = logs or folder
        self._settings = Settings("embedded", folder, folder, "127.0.0.1", *free_ports(2), 0, {})
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._clients: list[Any] = []
        self._making = threading.Lock()
        (folder / "tmp").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as all_of_them:  # one that does not stop keeps none from being stopped
            for name in self._running:
                all_of_them.callback(self.stop, name)
            for client in self._clients:
                all_of_them.callback(client.close)

    @property
    def url(self) -> str:
        return self._settings.endpoint_url

    def start_spark(self) -> None:
        command = f"{sys.executable} -m tests.support.process_spark {self._settings.spark_port}"
        variables = {"AWS_ENDPOINT_URL": self._settings.endpoint_url}
        health = f"{self._settings.spark_url}/health"
        self._start(Process("spark", f"{command} {self.folder / 'runs'}", health, variables))

    def start_edge(self) -> None:
        self._start(edge(self._settings))

    def running(self, name: str) -> subprocess.Popen[bytes]:
        return self._running[name]

    def stop(self, name: str) -> None:
        process = self._running.pop(name)
        assert end(process, 30), f"{name} did not end within 30 s of being asked to"

    def kill(self, name: str) -> None:
        process = self._running.pop(name)
        process.kill()
        process.wait(timeout=30)

    def client(
        self, service: str, attempts: int = 3, account: str = "test", region: str = "us-east-1"
    ) -> Any:
        """Closed with the stack: the collector would close its connections in another test."""
        config = Config(retries={"total_max_attempts": attempts}, max_pool_connections=16)
        with self._making:  # boto3 makes one at a time
            made = boto3.client(
                service,
                endpoint_url=self._settings.endpoint_url,
                region_name=region,
                aws_access_key_id=account,
                aws_secret_access_key="test",
                config=config,
            )
        self._clients.append(made)
        return made

    @property
    def variables(self) -> dict[str, str]:
        """What the command line finds this stack by."""
        return {
            "MODE": "embedded",
            "LAKE_DIR": str(self.folder),
            "EDGE_PORT": str(self._settings.edge_port),
        }

    def lake(self, *arguments: str, expect: int = 0) -> tuple[str, str]:
        """What the command line prints, and its errors."""
        done = subprocess.run(
            [LAKE, *arguments],
            env={**os.environ, **self.variables},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == expect, f"lake {arguments}:\n{done.stdout}\n{done.stderr}"
        return done.stdout, done.stderr

    def _start(self, process: Process) -> None:
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "LAKE_DIR": str(self.folder),
            **process.variables,
        }
        with (self.logs / f"{process.name}.log").open("ab") as log, start_of(NAMES[process.name]):
            self._running[process.name] = subprocess.Popen(
                shlex.split(process.command), env=environment, cwd=ROOT, stdout=log, stderr=log
            )
            self._wait_for(process)

    def _wait_for(self, process: Process) -> None:
        deadline = time.monotonic() + 180
        while not _answers(process.health_url):
            assert self._running[process.name].poll() is None, f"{process.name} ended at its start"
            assert time.monotonic() < deadline, f"{process.name} is not healthy after 180 s"
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
