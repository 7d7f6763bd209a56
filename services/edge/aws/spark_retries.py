"""Calls to the Spark service that outlast a restart of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from services.edge.spark_client import SparkClient, SparkRun, SparkServiceError

T = TypeVar("T")
PAUSE_SECONDS = 0.5
UNREACHABLE_SECONDS = 60.0  # so long a restart of the Spark service may take


def retry_unreachable(call: Callable[[], T], seconds: float | None = None) -> T:
    """The call's answer, tried again while the service is out of reach; a refusal stands."""
    deadline = time.monotonic() + (UNREACHABLE_SECONDS if seconds is None else seconds)
    while True:
        try:
            return call()
        except SparkServiceError as error:
            if error.refused or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def run_states(spark: SparkClient, run_id: str) -> Iterator[SparkRun]:
    """The Spark run now and at each change; the last one has ended."""
    deadline = time.monotonic() + UNREACHABLE_SECONDS
    while True:
        try:
            for run in spark.follow(run_id):
                deadline = time.monotonic() + UNREACHABLE_SECONDS
                yield run
            return
        except SparkServiceError as error:
            if error.refused or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)
