"""The cause of a failed run, out of what it wrote to standard error."""

from __future__ import annotations

import re

LIMIT = 1500
EXCEPTION = re.compile(r"^(Caused by: )?[\w.$]*(Error|Exception|Exit|Interrupt)\b.*")


def cause(stderr: str, exit_code: int) -> str:
    """The last exceptions of the last traceback, else of all; else the last lines."""
    _, _, traceback = stderr.rpartition("Traceback (most recent call last):")
    lines = [line.rstrip() for line in traceback.splitlines() if line.strip()]
    exceptions = list(dict.fromkeys(line for line in lines if EXCEPTION.match(line)))
    text = "; ".join(exceptions[-3:]) or " ".join(lines[-5:]) or "the job wrote nothing"
    if exit_code in (137, -9):
        text = f"killed (out of memory, or from outside); {text}"
    return text[-LIMIT:]
