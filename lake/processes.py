"""The processes of the embedded stack: what each is started with."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from lake.settings import ROOT, Settings, known

# For the console alone, which puts it into Secrets Manager.
SECRETS = ("CALENDLY_SIGNING_KEYS",)
PYTHON = shlex.quote(sys.executable)


@dataclass(frozen=True)
class Process:
    name: str
    command: str
    health_url: str
    variables: dict[str, str]


def processes(settings: Settings) -> list[Process]:
    """The Calendly simulator is among them only once it was asked for: it costs 60 MB at rest."""
    found = [edge(settings), spark(settings), dashboard(settings)]
    return [*found, calendly(settings)] if settings.has_calendly else found


def edge(settings: Settings) -> Process:
    variables = {
        **known(ROOT / "services" / "edge" / "edge.env"),
        "GATEWAY_LISTEN": f"127.0.0.1:{settings.edge_port}",
        "LOCALSTACK_HOST": f"localhost:{settings.edge_port}",
        "SPARK_URL": settings.spark_url,
        "TMPDIR": str(settings.lake_dir / "tmp"),
    }
    health = f"{settings.endpoint_url}/_localstack/health"
    return Process("edge", f"{PYTHON} -m localstack.runtime.main", health, variables)


def spark(settings: Settings) -> Process:
    variables = {"AWS_ENDPOINT_URL": settings.endpoint_url}
    health = f"{settings.spark_url}/health"
    return Process("spark", f"{PYTHON} -m services.spark", health, variables)


def dashboard(settings: Settings) -> Process:
    command = shlex.join(dashboard_command(settings.dashboard_port))
    health = f"http://127.0.0.1:{settings.dashboard_port}/_stcore/health"
    return Process("dashboard", command, health, {"AWS_ENDPOINT_URL": settings.endpoint_url})


def dashboard_command(port: int) -> list[str]:
    """What serves the dashboard at the port of this machine."""
    return [
        *(sys.executable, "-m", "streamlit", "run", "dashboard/serve.py"),
        *("--server.headless", "true", "--server.address", "127.0.0.1"),
        *("--server.port", str(port), "--browser.gatherUsageStats", "false"),
        *("--server.fileWatcherType", "none"),
    ]


def calendly(settings: Settings) -> Process:
    health = f"http://127.0.0.1:{settings.calendly_port}/health"
    return Process("calendly", f"{PYTHON} -m services.calendly", health, {})


def environment(settings: Settings, process: Process) -> dict[str, str]:
    """All that a process of the stack is started with."""
    given = {**os.environ, **settings.variables}
    return {
        **{name: value for name, value in given.items() if name not in SECRETS},
        **process.variables,
        "LAKE_DIR": str(settings.lake_dir),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
