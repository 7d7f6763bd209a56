"""A Spark driver started ahead: makes a session, warms it, then runs the one job it is given.

Writes one JSON line to a given descriptor when it is ready, then reads its job from its input.
"""

from __future__ import annotations

import ctypes
import json
import os
import runpy
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

PR_SET_PDEATHSIG = 1


def main() -> None:
    die_with_parent()
    ready = int(sys.argv[1])
    conf: dict[str, str] = json.loads(sys.argv[2])
    spark = session(conf)
    warm(spark)
    application = {"ui_url": spark.sparkContext.uiWebUrl, "id": spark.sparkContext.applicationId}
    os.write(ready, (json.dumps(application) + "\n").encode())
    os.close(ready)
    line = sys.stdin.readline()
    if line:
        run(spark, json.loads(line))


def die_with_parent() -> None:
    """Linux ends this process with the service; elsewhere the closed standard input does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def session(conf: dict[str, str]) -> SparkSession:
    builder = SparkSession.builder.appName("warm driver")
    for name, value in conf.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def warm(spark: SparkSession) -> None:
    """Load and compile what the first job would wait for: Delta's MERGE and Python workers."""
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


def run(spark: SparkSession, job: dict[str, Any]) -> None:
    """Become the job: its output, arguments, environment, modules and settings."""
    os.environ.update(job["environment"])
    for name, value in job["conf"].items():
        spark.conf.set(name, value)
    for path in job["py_files"]:
        spark.sparkContext.addPyFile(path)
    sys.argv = [job["script"], *job["arguments"]]
    sys.path.insert(0, str(Path(job["script"]).parent))
    os.chdir(job["folder"])
    try:
        runpy.run_path(job["script"], run_name="__main__")
    finally:
        sys.stdout.flush()
        spark.stop()


if __name__ == "__main__":
    main()
