"""Starts a program that ends with the process that started it: `tether.py PARENT PROGRAM ...`.

Linux ends it by signal 9 as soon as the thread that started it has gone, however that came about;
so start it from a thread that lives as long as its process. Elsewhere it runs untethered. It needs
the standard library alone, and becomes the program: the process id stays.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # prctl(2); kept across exec


def tethered(program: Sequence[str]) -> list[str]:
    """The command that runs the program so that it cannot outlive this process."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *program]


def main() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):
            sys.exit("The process that was to have this program has ended")
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
