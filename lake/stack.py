"""Start, stop and look at the embedded stack."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import requests

from lake.processes import Process, processes
from lake.settings import ROOT, Settings
from services.private_files import keep_private


class StackError(Exception):
    """The stack cannot be started or stopped; the message says why and what to do."""


def start(settings: Settings, timeout: float = 60.0) -> float:
    """Start the stack where it does not run, wait until it is healthy; return the seconds."""
    began = time.monotonic()
    if running_pid(settings) is None:
        _refuse_taken_ports(settings)
        _refuse_unwritable(settings.lake_dir)
        _spawn(settings)
    deadline = began + timeout
    while waiting := [p.name for p in processes(settings) if not is_healthy(p)]:
        if running_pid(settings) is None:
            raise StackError(f"The stack ended while it was starting.\n{_last_lines(settings)}")
        if time.monotonic() > deadline:
            names = ", ".join(waiting)
            raise StackError(
                f"Not healthy within {timeout:.0f} s: {names}.\n{_last_lines(settings)}"
            )
        time.sleep(0.1)
    return time.monotonic() - began


def stop(settings: Settings, timeout: float = 30.0) -> bool:
    """End the stack and wait for it; false where none was running."""
    pid = running_pid(settings)
    if pid is None:
        return False
    supervisor = psutil.Process(pid)
    family = [supervisor, *supervisor.children(recursive=True)]
    os.kill(pid, signal.SIGTERM)
    _, alive = psutil.wait_procs(family, timeout=timeout)
    for process in alive:
        process.kill()
    _pid_file(settings).unlink(missing_ok=True)
    return True


def status(settings: Settings) -> list[dict[str, Any]]:
    return [
        {
            "name": process.name,
            "state": "healthy" if is_healthy(process) else "down",
            "url": process.health_url,
        }
        for process in processes(settings)
    ]


def is_healthy(process: Process) -> bool:
    try:
        return requests.get(process.health_url, timeout=2).ok
    except requests.RequestException:
        return False


def running_pid(settings: Settings) -> int | None:
    """The supervisor's process id, or None; a stale file of a dead or other process is no one's."""
    try:
        pid = int(_pid_file(settings).read_text())
        command = psutil.Process(pid).cmdline()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return pid if "lake.processes" in command else None


def log_file(settings: Settings) -> Path:
    return settings.lake_dir / "logs" / "stack.log"


def _spawn(settings: Settings) -> None:
    log_file(settings).parent.mkdir(parents=True, exist_ok=True)
    with log_file(settings).open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "lake.processes"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _pid_file(settings).write_text(str(supervisor.pid))


def _refuse_taken_ports(settings: Settings) -> None:
    names = {
        "EDGE_PORT": settings.edge_port,
        "SPARK_PORT": settings.spark_port,
        "DASHBOARD_PORT": settings.dashboard_port,
    }
    for name, port in names.items():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise StackError(
                    f"Port {port} is taken by another program: stop it, or set {name} in .env"
                )


def _refuse_unwritable(lake_dir: Path) -> None:
    probe = lake_dir / "writable"
    try:
        keep_private(lake_dir)
        probe.write_text("yes")
        probe.unlink()
    except OSError as error:
        raise StackError(
            f"LAKE_DIR ({lake_dir}) cannot be written: {error.strerror}. Look at its space and"
            " permissions, or set another LAKE_DIR in .env"
        ) from error


def _pid_file(settings: Settings) -> Path:
    return settings.lake_dir / "stack.pid"


def _last_lines(settings: Settings, count: int = 25) -> str:
    lines = log_file(settings).read_text(errors="replace").splitlines()[-count:]
    return "\n".join([f"The last lines of {log_file(settings)}:", *lines])
