"""Small requests are answered one after another, not all at once.

Threads that compute at the same time hand Python's global lock to each other at every call of the
operating system. From four clients on, and beside other work, that nearly doubled the CPU time of
a small request. So a thread asks for a turn before it reads a request, and gives it up as soon as
it has to wait for something. Nothing depends on a turn: who does not get one in time goes on
without.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

WAIT_SECONDS = 0.05

_LOCK = threading.Lock()
_thread = threading.local()


def begin() -> None:
    """Wait until no other thread has the turn, or WAIT_SECONDS."""
    _thread.has_turn = _LOCK.acquire(timeout=WAIT_SECONDS)


def end() -> None:
    """Give up this thread's turn, if it has one: before it waits, and after its answer."""
    if getattr(_thread, "has_turn", False):
        _thread.has_turn = False
        _LOCK.release()


@contextmanager
def given_up() -> Iterator[None]:
    """While this thread waits for others, whose own requests ask for a turn."""
    end()
    try:
        yield
    finally:
        begin()
