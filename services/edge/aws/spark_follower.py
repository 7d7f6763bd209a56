"""Follows a run of the Spark service to its end: its states, its time limit, its output."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from services.edge.aws.spark_output import Output
from services.edge.aws.spark_retries import run_states
from services.edge.spark_client import ENDED, SparkClient, SparkRun


@dataclass(frozen=True)
class Followed:
    """One run, and what the service that started it does as the run goes on.

    `deadline` tells when a running one is over its time (epoch seconds, None for never), and
    `time_out` is called then. `changed` gets each state; before the last one all output has been
    copied, and `unwritten` got what could not be.
    """

    run_id: str
    output: Output
    deadline: Callable[[SparkRun], float | None]
    time_out: Callable[[], None]
    changed: Callable[[SparkRun], None]
    unwritten: Callable[[list[str]], None]


def follow(spark: SparkClient, followed: Followed) -> None:
    """Returns when the run has ended; raises SparkServiceError where it is lost."""
    limit: threading.Timer | None = None
    ended = threading.Event()
    copier = threading.Thread(target=followed.output.copy_until, args=(ended,), daemon=True)
    copier.start()
    try:
        for run in run_states(spark, followed.run_id):
            if run["state"] == "RUNNING" and limit is None:
                limit = _timer(followed.deadline(run), followed.time_out)
            if run["state"] in ENDED:
                ended.set()
                copier.join()
                followed.unwritten(followed.output.finish())
            followed.changed(run)
    finally:
        ended.set()
        if limit is not None:
            limit.cancel()


def _timer(deadline: float | None, time_out: Callable[[], None]) -> threading.Timer | None:
    if deadline is None:
        return None
    timer = threading.Timer(max(0.0, deadline - time.time()), time_out)
    timer.daemon = True
    timer.start()
    return timer
