"""The Python process of a job: loads PySpark, reads its job, runs the script in a JVM it joins.

It speaks with the service over a socket that it inherits: reads its job, asks for a JVM when the
script first needs one, reads where that is. Where the job is to have a JVM of its own, its script
starts that by asking for a session.
"""

from __future__ import annotations

import ctypes
import json
import os
import runpy
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from pyspark import SparkContext
from pyspark.sql import SparkSession  # noqa: F401, what each job imports

from services.spark.debugged import under_debugger

PR_SET_PDEATHSIG = 1


def main() -> None:
    die_with_parent()
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)  # a process that the script starts would hold it open
    service = channel.makefile("rw")
    line = service.readline()
    if line:
        run(json.loads(line), service)


def die_with_parent() -> None:
    """Linux ends this process with its guard; elsewhere the guard has to end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(job: dict[str, Any], service: TextIO) -> None:
    """Become the job: its arguments, environment, modules and folder."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    for note in job["notes"]:
        sys.stderr.write(f"{note}\n")
    os.environ.update(job["environment"])
    job = under_debugger(job)
    if job["is_pooled"]:
        join_when_needed(service)
    sys.argv = [job["script"], *job["arguments"]]
    sys.path[:1] = [str(Path(job["script"]).parent), *job["modules"]]
    os.chdir(job["folder"])
    sys.exit(exit_code_of(job["script"]))


def join_when_needed(service: TextIO) -> None:
    """Let this process's SparkContext be made in a JVM, which is asked for when there is to be one.

    A script that finds nothing to do for Spark neither takes a JVM nor waits for one. The job is
    not told where the JVM is.
    """
    module: Any = sys.modules[SparkContext.__module__]
    launch = module.launch_gateway

    def joined(*arguments: Any) -> Any:
        module.launch_gateway = launch
        service.write("\n")
        service.flush()
        gateway = json.loads(service.readline())
        address = {
            "PYSPARK_GATEWAY_PORT": str(gateway["port"]),
            "PYSPARK_GATEWAY_SECRET": gateway["secret"],
        }
        os.environ.update(address)
        try:
            return launch(*arguments)
        finally:
            for name in address:
                del os.environ[name]

    module.launch_gateway = joined


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
