"""A Spark driver: makes a session, warms it if asked to, then runs the one job it is given.

Writes one JSON line to a given descriptor when it is ready, then reads its job from its input.
"""

from __future__ import annotations

import ctypes
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyspark.sql import SparkSession

from services.spark.applications import close_logs

PR_SET_PDEATHSIG = 1
APP_NAME = "spark.app.name"


def main() -> None:
    die_with_parent()
    ready = int(sys.argv[1])
    conf: dict[str, str] = json.loads(sys.argv[2])
    spark = session(conf)
    if sys.argv[3:] == ["--warm"]:
        warm(spark)
    context = spark.sparkContext
    close_logs(Path(urlsplit(conf["spark.eventLog.dir"]).path), context.applicationId)
    application = {"ui_port": urlsplit(context.uiWebUrl).port, "id": context.applicationId}
    os.write(ready, (json.dumps(application) + "\n").encode())
    os.close(ready)
    line = sys.stdin.readline()
    if line:
        run(spark, json.loads(line))


def die_with_parent() -> None:
    """Linux ends this process with its guard; elsewhere the guard has to end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def session(conf: dict[str, str]) -> SparkSession:
    builder = SparkSession.builder.appName("started ahead")
    for name, value in conf.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def warm(spark: SparkSession) -> None:
    """Load and compile what the first job would wait for: Delta's MERGE, Python workers, S3A."""
    spark.sparkContext.setJobDescription("warm-up, before the job came")
    with tempfile.TemporaryDirectory() as folder:
        table = f"delta.`{folder}/t`"
        spark.sql(f"CREATE TABLE {table} (k INT, v STRING) USING DELTA")
        rows = spark.sparkContext.parallelize([1, 2, 3], 2).map(lambda k: (k, str(k)))
        for _ in range(2):
            spark.createDataFrame(rows, "k INT, v STRING").createOrReplaceTempView("source")
            spark.sql(
                f"MERGE INTO {table} t USING (SELECT k, max(v) AS v FROM source GROUP BY k) s"
                " ON t.k <=> s.k WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
                " WHEN NOT MATCHED BY SOURCE THEN DELETE"
            )
        spark.read.format("delta").load(f"{folder}/t").collect()
        spark.catalog.dropTempView("source")
    spark.sparkContext.setJobDescription(None)  # type: ignore[arg-type]
    give_heap_back(spark.sparkContext._jvm)


def give_heap_back(gateway: Any) -> None:
    """Give the machine what the warm-up left free; the job's own collections keep Java's ratios.

    A heap held tight for a whole job collects itself again and again: gold took 2 s longer.
    """
    management = gateway.java.lang.management.ManagementFactory
    hotspot = gateway.java.lang.Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
    options = management.getPlatformMXBean(hotspot)
    ratios = ("MinHeapFreeRatio", "10"), ("MaxHeapFreeRatio", "20")
    usual = [(name, options.getVMOption(name).getValue()) for name, _ in ratios]
    for name, value in ratios:
        options.setVMOption(name, value)
    gateway.java.lang.System.gc()
    for name, value in reversed(usual):
        options.setVMOption(name, value)


def run(spark: SparkSession, job: dict[str, Any]) -> None:
    """Become the job: its arguments, environment, modules, files and settings."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    for note in job.get("notes", []):
        sys.stderr.write(f"{note}\n")
    os.environ.update(job["environment"])
    set_conf(spark, job["conf"])
    for path in job["py_files"]:
        spark.sparkContext.addPyFile(path)
    for path in job.get("files", []):
        spark.sparkContext.addFile(path)
    sys.argv = [job["script"], *job["arguments"]]
    sys.path[0] = str(Path(job["script"]).parent)
    os.chdir(job["folder"])
    take_names(spark)
    sys.exit(exit_code_of(spark, job["script"]))


def set_conf(spark: SparkSession, conf: dict[str, str]) -> None:
    for name, value in conf.items():
        if name == APP_NAME:
            rename(spark, value)
        elif spark.conf.get(name, None) != value:
            spark.conf.set(name, value)


def rename(spark: SparkSession, name: str) -> None:
    """Give the application the job's name and start time, in its pages and its event log."""
    context = spark.sparkContext
    context.appName = name
    gateway: Any = context._jvm
    scala = context._jsc.sc()  # type: ignore[attr-defined]
    scala.conf().set(APP_NAME, name)
    none = gateway.scala.Option.empty()
    started = gateway.org.apache.spark.scheduler.SparkListenerApplicationStart(
        name,
        gateway.scala.Option.apply(context.applicationId),
        int(time.time() * 1000),
        context.sparkUser(),
        none,
        none,
        none,
    )
    scala.listenerBus().post(started)


def take_names(spark: SparkSession) -> None:
    """Let a script's `builder.appName(...).getOrCreate()` name the application, as in a new one."""
    builder: Any = type(spark).Builder
    original = builder.getOrCreate

    def get_or_create(self: Any) -> SparkSession:
        found: SparkSession = original(self)
        name = self._options.get(APP_NAME, found.sparkContext.appName)
        if name != found.sparkContext.appName:
            rename(found, name)
        return found

    builder.getOrCreate = get_or_create


def exit_code_of(spark: SparkSession, script: str) -> int:
    """Run the script as Python does; the code is 137 where its JVM was killed."""
    code = 0
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as ended:
        code = exit_code(ended)
    except BaseException:
        traceback.print_exc()
        if is_jvm_killed(spark):
            return 137
        code = 1
    spark.stop()
    return code


def exit_code(ended: SystemExit) -> int:
    """As Python ends on sys.exit: nothing is 0, a number itself, all else is printed and 1."""
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    sys.stderr.write(f"{ended.code}\n")
    return 1


def is_jvm_killed(spark: SparkSession, patience: float = 0.5) -> bool:
    """Whether signal 9 ended the JVM, as its own answer to a heap that is full."""
    jvm: subprocess.Popen[bytes] = spark.sparkContext._gateway.proc  # type: ignore[union-attr]
    deadline = time.monotonic() + patience
    while jvm.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return jvm.returncode in (-signal.SIGKILL, 137)


if __name__ == "__main__":
    main()
