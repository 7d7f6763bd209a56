"""The rivals, each in an environment of its own below .lake/rivals, made when first needed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config

from lake.settings import ROOT
from tests.support.ending import end
from tests.support.stack import free_port

MINISTACK = "MiniStack"
LOCALSTACK = "LocalStack"
PACKAGES = {
    MINISTACK: ["ministack==1.5.33", "boto3"],
    LOCALSTACK: ["localstack-core[runtime]==4.9.2", "-c", "requirements/localstack.txt"],
}
START_SECONDS = 60


def python_of(name: str) -> Path:
    """The interpreter of the rival's environment."""
    folder = ROOT / ".lake" / "rivals" / name.lower()
    if not (folder / ".made").exists():
        uv, python = Path(sys.executable).parent / "uv", folder / "bin" / "python"
        for command in (
            ["venv", "--quiet", "--clear", "--python", sys.executable, folder],
            ["pip", "install", "--quiet", "--python", python, *PACKAGES[name]],
        ):
            subprocess.run([uv, *command], cwd=ROOT, check=True)
        (folder / ".made").touch()
    return folder / "bin" / "python"


@contextmanager
def started(name: str, folder: Path) -> Iterator[str]:
    """Its address; what it writes is below the folder."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    python = python_of(name)
    command = {
        MINISTACK: [python, "-m", "ministack"],
        LOCALSTACK: [python, "-m", "localstack.runtime.main"],
    }[name]
    variables = {
        MINISTACK: {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "WARNING"},
        LOCALSTACK: {
            "GATEWAY_LISTEN": f"127.0.0.1:{port}",
            **{"SKIP_SSL_CERT_DOWNLOAD": "1", "DISABLE_EVENTS": "1", "DNS_ADDRESS": "0"},
        },
    }[name]
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    environment = {**kept, "TMPDIR": str(folder), **variables}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(url, process)
            yield url
        finally:
            end(process, 30)


def client(url: str, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 2}),
    )


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/_localstack/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError(f"Expected {url} to answer within {START_SECONDS} s: see its log")
