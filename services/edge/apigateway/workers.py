"""Threads for work that must not hold up its caller, used again and again.

To start one for each piece of work costs as much as the work itself where that is small.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

IDLE_SECONDS = 30.0
Work = Callable[[], None]


class Workers:
    """As many threads as there is work at once; each ends when it has had none for a while."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._idle: list[queue.SimpleQueue[Work]] = []
        self._lock = threading.Lock()

    def run(self, work: Work) -> None:
        """Begin the work at once, in another thread; what it raises is its own to tell."""
        with self._lock:
            place = self._idle.pop() if self._idle else None
        if place is None:
            threading.Thread(target=self._go, args=(work,), name=self._name, daemon=True).start()
        else:
            place.put(work)

    def _go(self, work: Work) -> None:
        place: queue.SimpleQueue[Work] = queue.SimpleQueue()
        work()
        del work  # with all that it was about
        while self._works_again(place):
            pass

    def _works_again(self, place: queue.SimpleQueue[Work]) -> bool:
        with self._lock:
            self._idle.append(place)
        try:
            place.get(timeout=IDLE_SECONDS)()
        except queue.Empty:
            if self._leaves(place):
                return False
            place.get()()
        return True

    def _leaves(self, place: queue.SimpleQueue[Work]) -> bool:
        """False where work was given to it just now."""
        with self._lock:
            if place in self._idle:
                self._idle.remove(place)
                return True
            return False
