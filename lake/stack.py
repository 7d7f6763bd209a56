"""Start, stop and look at the embedded stack."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from lake import kin, ports
from lake.errors import StackError
from lake.processes import Process, processes
from lake.settings import ROOT, Settings
from lake.snapshot_restore import take_back
from lake.start import Progress
from lake.supervisor import notes
from services.private_files import keep_private

END_SECONDS = 30.0
KEPT_LOGS = 5
HEED_SECONDS = 10.0  # for the supervisor to try again what it had given up


def start(settings: Settings) -> float:
    """Start what does not run, wait until all is healthy; return the seconds.

    A part that gets on is waited for; one that was given up or stands still raises StackError.
    """
    began = time.monotonic()
    _refuse_unwritable(settings.lake_dir)
    with alone(settings.lake_dir):
        supervisor = kin.supervisor(settings.lake_dir)
        if supervisor is None:
            if take_back(settings.lake_dir):
                sys.stderr.write("A restore that had been interrupted was taken back\n")
            kin.end(settings.lake_dir, END_SECONDS)  # what a supervisor left that was killed
            ports.refuse_taken(settings.ports)
            supervisor = _spawned(settings)
        elif _given_up(settings.lake_dir):
            supervisor.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + HEED_SECONDS
            while _given_up(settings.lake_dir) and time.monotonic() < deadline:
                time.sleep(0.05)  # else the old notes would be taken for those of this try
    waiting = [Progress(process, settings.lake_dir) for process in processes(settings)]
    while waiting := [one for one in waiting if not is_healthy(one.process)]:
        if not is_alive(supervisor):
            raise StackError(f"The stack ended while it was starting.\n{_last_lines(settings)}")
        for one in waiting:
            if problem := one.problem(time.monotonic()):
                raise StackError(f"{problem}\n{_last_lines(settings)}")
        time.sleep(0.1)
    return time.monotonic() - began


def stop(settings: Settings) -> bool:
    """End the stack, or what is left of it, and wait for it; false where nothing was running."""
    if not settings.lake_dir.is_dir():
        return False
    with alone(settings.lake_dir):
        return bool(kin.end(settings.lake_dir, END_SECONDS))


def status(settings: Settings) -> list[dict[str, Any]]:
    """Each part: healthy, starting, given up or down, and what the supervisor notes of it."""
    running = is_running(settings)
    noted = notes(settings.lake_dir) if running else {}
    return [
        {
            "name": process.name,
            "state": _state(process, noted.get(process.name, {}), running),
            "url": process.health_url,
            "note": noted.get(process.name, {}).get("given_up") or "",
        }
        for process in processes(settings)
    ]


def _given_up(lake_dir: Path) -> bool:
    return any(noted["given_up"] for noted in notes(lake_dir).values())


def is_healthy(process: Process) -> bool:
    import requests

    try:
        return requests.get(process.health_url, timeout=2).ok
    except requests.RequestException:
        return False


def is_running(settings: Settings) -> bool:
    """Whether the stack has a supervisor; its parts may be starting or given up."""
    return kin.supervisor(settings.lake_dir) is not None


def log_file(settings: Settings) -> Path:
    """Of the last start; the ones before it are stack.log.1 and so on."""
    return settings.lake_dir / "logs" / "stack.log"


def _state(process: Process, noted: dict[str, Any], running: bool) -> str:
    if not running:
        return "down"
    if noted.get("given_up"):
        return "given up"
    return "healthy" if is_healthy(process) else "starting"


@contextmanager
def alone(lake_dir: Path) -> Iterator[None]:
    """Let no two commands start, stop or restore one stack at the same time: the later waits."""
    with (lake_dir / "stack.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Another `lake` command starts, stops or restores it: waiting\n")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _spawned(settings: Settings) -> psutil.Process:
    log = log_file(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    for number in range(KEPT_LOGS - 1, -1, -1):
        older = log.with_name(f"{log.name}.{number}") if number else log
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    (settings.lake_dir / "parts.json").unlink(missing_ok=True)
    with log.open("ab") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", "lake.supervisor"],
            cwd=ROOT,
            env={**os.environ, **kin.marks(settings.lake_dir, kin.SUPERVISOR)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    # A process that is becoming another program has neither command nor environment for a moment.
    while started.poll() is None and kin.supervisor(settings.lake_dir) is None:
        time.sleep(0.01)
    return psutil.Process(started.pid)


def is_alive(process: psutil.Process) -> bool:
    """False too where the process id is another's by now."""
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


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


def _last_lines(settings: Settings, count: int = 25) -> str:
    lines = log_file(settings).read_text(errors="replace").splitlines()[-count:]
    return "\n".join([f"The last lines of {log_file(settings)}:", *lines])
