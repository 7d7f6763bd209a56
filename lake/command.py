"""The console script `lake`: Ctrl-C ends it with a line at any time, its imports included."""

from __future__ import annotations

import os
import signal
from types import FrameType

from lake.errors import INTERRUPTED


def main() -> None:
    usual = signal.signal(signal.SIGINT, _end)
    from lake import app, failures

    signal.signal(signal.SIGINT, usual)
    failures.told(app.app)


def _end(_number: int, _frame: FrameType | None) -> None:
    """At once: an exception in the middle of an import would come out as that import's failure."""
    os.write(2, b"Interrupted\n")
    os._exit(INTERRUPTED)
