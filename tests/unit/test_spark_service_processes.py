"""Processes of jobs end whole: with the job, when cancelled, and with the service itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.spark.guard import exit_code, members
from services.spark.processes import Guarded

# A job whose child leaves the process group, as Spark's Python workers do, and says its id.
PARENT = """
import os, signal, subprocess, sys, time
child = "import os, signal, time; os.setpgid(0, 0); print(os.getpid(), flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", child])
"""


def _start(folder: Path, script: str) -> Guarded:
    with (folder / "out").open("ab") as out, (folder / "err").open("ab") as err:
        return Guarded(
            [sys.executable, "-c", script],
            environment={"PATH": os.environ["PATH"]},
            folder=folder,
            output=(out, err),
        )


def _child(folder: Path) -> int:
    return int(_until_written(folder / "out"))


def _until_written(path: Path) -> str:
    deadline = time.monotonic() + 10
    while not (text := path.read_text() if path.exists() else "").endswith("\n"):
        assert time.monotonic() < deadline, "nothing was written"
        time.sleep(0.02)
    return text


def _is_running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("raise SystemExit(0)", 0),
        ("raise SystemExit(7)", 7),
        ("import os; os.kill(os.getpid(), 9)", 137),
        ("import os; os.kill(os.getpid(), 15)", 143),
    ],
)
def test_the_exit_code_is_the_commands_and_a_shells_for_signals(
    tmp_path: Path, script: str, code: int
) -> None:
    assert _start(tmp_path, script).wait() == code
    assert exit_code(-9) == 137


def test_what_a_command_leaves_behind_is_ended_with_it(tmp_path: Path) -> None:
    process = _start(
        tmp_path,
        PARENT + f"\nimport pathlib\nout = pathlib.Path({str(tmp_path / 'out')!r})"
        "\nwhile not out.read_text(): time.sleep(0.02)",
    )

    assert process.wait() == 0
    assert not _is_running(_child(tmp_path))
    assert members(process.pid) == set()


def test_ending_reaches_children_that_left_the_group_and_ignore_the_polite_signal(
    tmp_path: Path,
) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    process = _start(tmp_path, deaf + PARENT + "\ntime.sleep(60)")
    child = _child(tmp_path)
    assert _is_running(child)

    process.end()

    assert not _is_running(child)
    assert members(process.pid) == set()


def test_processes_end_when_the_service_is_killed(tmp_path: Path) -> None:
    service = (
        "import sys, time, pathlib\nfrom services.spark.processes import Guarded\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "out, err = (folder / 'out').open('ab'), (folder / 'err').open('ab')\n"
        f"script = {PARENT!r} + 'time.sleep(60)'\n"
        "started = Guarded([sys.executable, '-c', script], environment={}, folder=folder,"
        " output=(out, err))\n"
        "(folder / 'session').write_text(f'{started.pid}\\n')\ntime.sleep(60)\n"
    )
    root = str(Path(__file__).parents[2])
    with subprocess.Popen([sys.executable, "-c", service], cwd=root) as process:
        session, child = int(_until_written(tmp_path / "session")), _child(tmp_path)
        process.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 15
    while members(session) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert members(session) == set()
    assert not _is_running(child)
