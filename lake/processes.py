"""The processes of the embedded stack: what each is started with, and their supervisor."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from lake.settings import ROOT, Settings, known


@dataclass(frozen=True)
class Process:
    name: str
    command: str
    health_url: str
    variables: dict[str, str]


def processes(settings: Settings) -> list[Process]:
    return [edge(settings), spark(settings), dashboard(settings)]


def edge(settings: Settings) -> Process:
    variables = {
        **known(ROOT / "services" / "edge" / "edge.env"),
        "GATEWAY_LISTEN": f"127.0.0.1:{settings.edge_port}",
        "LOCALSTACK_HOST": f"localhost:{settings.edge_port}",
        "SPARK_URL": settings.spark_url,
        "TMPDIR": str(settings.lake_dir / "tmp"),
    }
    health = f"{settings.endpoint_url}/_localstack/health"
    return Process("edge", f"{sys.executable} -m localstack.runtime.main", health, variables)


def spark(settings: Settings) -> Process:
    variables = {"AWS_ENDPOINT_URL": settings.endpoint_url}
    health = f"{settings.spark_url}/health"
    return Process("spark", f"{sys.executable} -m services.spark", health, variables)


def dashboard(settings: Settings) -> Process:
    command = (
        f"{sys.executable} -m streamlit run dashboard/serve.py --server.headless true"
        f" --server.address 127.0.0.1 --server.port {settings.dashboard_port}"
        " --browser.gatherUsageStats false --server.fileWatcherType none"
    )
    health = f"http://127.0.0.1:{settings.dashboard_port}/_stcore/health"
    return Process("dashboard", command, health, {"AWS_ENDPOINT_URL": settings.endpoint_url})


def supervise(settings: Settings) -> int:
    """Run all processes until one ends or a signal comes; then end the others."""
    manager = Manager(Printer(sys.stdout, colour=False))
    for process in processes(settings):
        variables = {
            **os.environ,
            **settings.variables,
            **process.variables,
            "LAKE_DIR": str(settings.lake_dir),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "PYTHONUNBUFFERED": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        manager.add_process(process.name, f"exec {process.command}", env=variables, cwd=str(ROOT))
    manager.loop()
    return manager.returncode or 0


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    found = Settings.from_env()
    empty_folder(found.lake_dir / "tmp")
    raise SystemExit(supervise(found))
