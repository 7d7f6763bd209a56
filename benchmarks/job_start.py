"""StartJobRun to the first line of the script, against a cold spark-submit of the same script."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure, at_least, at_most, interleaved
from services.spark.java import java_home
from tests.support.stack import Stack, started_stack

SCRIPT = """
import time
print("began", time.time(), flush=True)
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate().range(3).count())
"""
ROUNDS, IDLE_SECONDS = 3, 20
BUCKET, ROLE = "bench-jobs", "arn:aws:iam::000000000000:role/bench"


def measured(folder: Path) -> Iterator[Measure]:
    script = folder / "began.py"
    script.write_text(SCRIPT)
    with started_stack(folder / "lake") as stack:
        s3, emr = stack.client("s3"), stack.client("emr-serverless")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="began.py", Body=SCRIPT.encode())
        application = emr.create_application(name="bench", releaseLabel="emr-7.12.0", type="SPARK")
        found = interleaved(
            {
                "ours": lambda: by_api(stack, application["applicationId"]),
                "spark-submit": lambda: by_spark_submit(script),
            },
            ROUNDS,
        )
    what = "StartJobRun to the first line"
    yield Measure(what, "s", found["ours"], at_most(1))
    faster = [cold / ours for cold, ours in zip(found["spark-submit"], found["ours"], strict=True)]
    yield Measure(f"{what}, times faster than a cold spark-submit", "x", faster, at_least(8))


def by_api(stack: Stack, application: str) -> float:
    """Seconds, with a JVM that has had time to become idle."""
    emr = stack.client("emr-serverless")
    time.sleep(IDLE_SECONDS)
    began = time.time()
    run = emr.start_job_run(
        applicationId=application,
        executionRoleArn=ROLE,
        jobDriver={"sparkSubmit": {"entryPoint": f"s3://{BUCKET}/began.py"}},
        configurationOverrides={
            "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": f"s3://{BUCKET}/l"}}
        },
    )["jobRunId"]
    known: dict[str, Any] = {"applicationId": application, "jobRunId": run}
    while (state := emr.get_job_run(**known)["jobRun"]["state"]) not in ("SUCCESS", "FAILED"):
        time.sleep(0.2)
    if state == "FAILED":
        raise RuntimeError(f"the job run failed: {emr.get_job_run(**known)['jobRun']}")
    key = f"l/applications/{application}/jobs/{run}/SPARK_DRIVER/stdout.gz"
    told = stack.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return first_line(gzip.decompress(told).decode()) - began


def by_spark_submit(script: Path) -> float:
    environment = {**os.environ, "JAVA_HOME": str(java_home()), "PYSPARK_PYTHON": sys.executable}
    began = time.time()
    done = subprocess.run(
        [Path(sys.executable).parent / "spark-submit", "--master", "local[2]", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return first_line(done.stdout) - began


def first_line(output: str) -> float:
    found = re.search(r"^began ([\d.]+)$", output, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"expected the script's first line, found {output[:300]!r}")
    return float(found[1])
