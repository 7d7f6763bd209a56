"""Runs a command and ends all that it started, as soon as it has ended or the service is gone.

`python guard.py <lifeline> <kept> <command>`, the last two as JSON lists of descriptors and words;
it needs the standard library alone. The lifeline is a pipe that the service holds open: it closes
with the service, however that ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

# A job that is cancelled, or out of time, is gone within 2 s, its part in the JVM too.
GRACE_SECONDS = 0.7
PROC = Path("/proc")


def main() -> int:
    lifeline, kept, words = (json.loads(text) for text in sys.argv[1:])
    # A handler, since an ignored signal would be ignored by the command too.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with subprocess.Popen(words, pass_fds=kept, process_group=0) as command:
        for descriptor in kept:
            os.close(descriptor)
        threading.Thread(target=end_after, args=(lifeline,), daemon=True).start()
        code = command.wait()
    end_session(os.getsid(0), spare=os.getpid())
    return exit_code(code)


def end_after(lifeline: int) -> None:
    os.read(lifeline, 1)
    end_session(os.getsid(0), spare=os.getpid())


def exit_code(returned: int) -> int:
    """As a shell counts: a process that signal n ended has 128 + n, so 137 for SIGKILL."""
    return 128 - returned if returned < 0 else returned


def end_session(session: int, grace_seconds: float = GRACE_SECONDS, spare: int = 0) -> None:
    """End every process of the session but `spare`: politely, then for good."""
    send(signal.SIGTERM, members(session) - {spare})
    send(signal.SIGCONT, members(session) - {spare})  # one that is paused hears nothing
    deadline = time.monotonic() + grace_seconds
    while left := members(session) - {spare}:
        if time.monotonic() > deadline:
            send(signal.SIGKILL, left)
        time.sleep(0.02)


def send(number: signal.Signals, pids: set[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # it ended in between


def members(session: int) -> set[int]:
    """The processes of a session; not its process group, for Spark's Python workers leave that."""
    if PROC.is_dir():
        rows = [stat_of(folder) for folder in PROC.iterdir() if folder.name.isdigit()]
    else:
        rows = [(pid, session_of(pid), state) for pid, state in processes()]
    return {pid for pid, its_session, state in rows if its_session == session and state != "Z"}


def stat_of(folder: Path) -> tuple[int, int, str]:
    """Process id, session and state, see proc(5); session -1 where the process has just ended."""
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return int(folder.name), -1, "Z"
    return int(folder.name), int(fields[3]), fields[0]


def processes() -> list[tuple[int, str]]:
    command = ["ps", "-A", "-o", "pid=,stat="]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [(int(line.split()[0]), line.split()[1][0]) for line in table.splitlines()]


def session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return -1


if __name__ == "__main__":
    sys.exit(main())
