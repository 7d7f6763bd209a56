"""Warms a JVM before its first job, while the machine has nothing else to do."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from services.spark import delta_jars
from services.spark.drivers import Driver
from services.spark.jvm import Jvm
from services.spark.processes import Guarded
from services.spark.settings import Settings

SCRIPT = Path(__file__).with_name("warm_up.py")
JOB_CORES = 2  # what `local[2]` keeps busy
# It works in turns; in each pause what others do is measured, and a pause lasts while they work.
WORK_SECONDS, PAUSE_SECONDS = 0.4, 0.15
# So much of a core is used by a stack at rest.
REST_CORES = 0.3
STOP_SECONDS = 10.0
LOG = logging.getLogger(__name__)


def warmed(
    jvm: Jvm, settings: Settings, environment: Mapping[str, str], is_wanted: Callable[[], bool]
) -> None:
    """Returns when the JVM is ready and warm, or ready and wanted. Raises JvmError."""
    give_way([jvm.process], jvm.is_ready, is_wanted)
    jvm.wait_until_ready()
    if is_wanted():
        return
    driver = Driver(settings, environment)
    driver.write_to(jvm.folder)
    conf = {
        **delta_jars.CONF,
        "spark.app.name": "warm-up",
        "spark.eventLog.dir": jvm.folder.as_uri(),
        # An edge that is still being started is not waited for.
        "spark.hadoop.fs.s3a.attempts.maximum": "1",
        "spark.hadoop.fs.s3a.retry.limit": "1",
    }
    driver.give(
        {
            "script": str(SCRIPT),
            "is_pooled": True,
            "arguments": [str(jvm.folder / "table")],
            "environment": {},
            "modules": [],
            "folder": str(jvm.folder),
            "notes": [],
        }
    )
    driver.join(jvm.begin(conf, jvm.folder))
    give_way([jvm.process, driver.process], lambda: not driver.process.is_alive(), is_wanted)
    if driver.process.is_alive():
        driver.process.end()
    elif driver.process.wait() != 0:
        text = (jvm.folder / "stderr").read_text(errors="replace")[-1000:]
        LOG.error("the warm-up failed:\n%s", text)
    jvm.finish(STOP_SECONDS)
    jvm.take_as_first()


def give_way(
    processes: Sequence[Guarded], is_done: Callable[[], bool], is_wanted: Callable[[], bool]
) -> None:
    """Let the processes work in turns until they are done or wanted; then they are not paused."""

    def is_over() -> bool:
        return is_done() or is_wanted()

    while not is_over():
        wait(WORK_SECONDS, is_over)
        if is_over():
            return
        for process in processes:
            process.send(signal.SIGSTOP)
        try:
            while busy_cores(is_wanted) > spare_cores() and not is_wanted():
                continue
        finally:
            for process in processes:
                process.send(signal.SIGCONT)


def spare_cores() -> float:
    """How many cores others may use while a job's worth of them is left."""
    return max(0, (os.cpu_count() or 1) - JOB_CORES) + REST_CORES


def busy_cores(is_wanted: Callable[[], bool]) -> float:
    before, since = busy_seconds(), time.monotonic()
    wait(PAUSE_SECONDS, is_wanted)
    return (busy_seconds() - before) / (time.monotonic() - since)


def busy_seconds() -> float:
    """That all cores of the machine have worked."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def wait(seconds: float, is_over: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not is_over():
        time.sleep(0.02)
