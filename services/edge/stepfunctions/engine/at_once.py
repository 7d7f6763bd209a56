"""Jobs in threads of their own, as many at once as a limit allows that may change meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

LOOK_SECONDS = 0.2  # at the limit, while no job ends


def run_all(jobs: int, work: Callable[[int], None], limit: Callable[[], int]) -> None:
    """Call `work` with each number below `jobs`; return when all are done."""
    turn = threading.Condition()
    running = 0

    def one(at: int) -> None:
        nonlocal running
        try:
            work(at)
        finally:
            with turn:
                running -= 1
                turn.notify()

    with turn:
        for at in range(jobs):
            while running >= limit():
                turn.wait(LOOK_SECONDS)
            running += 1
            # Daemons: a job that waits for hours does not keep the edge from ending.
            threading.Thread(target=one, args=(at,), daemon=True).start()
        while running:
            turn.wait()
