"""The Python process of a job: loads PySpark, reads its job, joins a JVM, runs the script.

Where the job names no JVM, its script starts its own by asking for a session.
"""

from __future__ import annotations

import ctypes
import json
import os
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession  # noqa: F401, what each job imports

from services.spark.debugged import under_debugger

PR_SET_PDEATHSIG = 1


def main() -> None:
    die_with_parent()
    line = sys.stdin.readline()
    if line:
        run(json.loads(line))


def die_with_parent() -> None:
    """Linux ends this process with its guard; elsewhere the guard has to end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(job: dict[str, Any]) -> None:
    """Become the job: its arguments, environment, modules and folder."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    for note in job["notes"]:
        sys.stderr.write(f"{note}\n")
    os.environ.update(job["environment"])
    job = under_debugger(job)
    if job["gateway"] is not None:
        join(job["gateway"])
    sys.argv = [job["script"], *job["arguments"]]
    sys.path[:1] = [str(Path(job["script"]).parent), *job["modules"]]
    os.chdir(job["folder"])
    sys.exit(exit_code_of(job["script"]))


def join(gateway: dict[str, Any]) -> None:
    """Let this process's SparkContext be made in the JVM; the job is not told where that is."""
    address = {
        "PYSPARK_GATEWAY_PORT": str(gateway["port"]),
        "PYSPARK_GATEWAY_SECRET": gateway["secret"],
    }
    os.environ.update(address)
    SparkContext._ensure_initialized()
    for name in address:
        del os.environ[name]


def exit_code_of(script: str) -> int:
    """Run the script as Python does, and end its SparkContext."""
    try:
        runpy.run_path(script, run_name="__main__")
        return 0
    except SystemExit as ended:
        return exit_code(ended)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        # The service ends what cannot be ended here, as where the JVM is gone.
        with suppress(Exception):
            if SparkContext._active_spark_context is not None:
                SparkContext._active_spark_context.stop()


def exit_code(ended: SystemExit) -> int:
    """As Python ends on sys.exit: nothing is 0, a number itself, all else is printed and 1."""
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    sys.stderr.write(f"{ended.code}\n")
    return 1


if __name__ == "__main__":
    main()
