"""Calls back at the start of every minute: AWS's schedules have no finer step."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

LOG = logging.getLogger(__name__)


Call = Callable[[datetime], None]


def call_every_minute(calls: Callable[[], Iterable[Call]], name: str) -> None:
    """In a thread of its own; minutes that pass while the stack is down are not made up for."""
    threading.Thread(target=_run, args=(calls,), name=name, daemon=True).start()


def _run(calls: Callable[[], Iterable[Call]]) -> None:
    minute = 0
    while True:
        minute = max(minute, int(time.time()) // 60) + 1  # none twice, where a sleep ends early
        time.sleep(max(0.0, minute * 60 - time.time()))
        for call in calls():
            try:
                call(datetime.fromtimestamp(minute * 60, UTC))
            except Exception:  # the others, and the next minute, must be seen
                LOG.exception("What was scheduled for minute %s did not start", minute)
