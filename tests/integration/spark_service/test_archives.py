"""A job brings its own Python environment as an archive, as EMR Serverless's guide shows."""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from services.spark import archives
from tests.support.spark_service import Service

JOB = """
import sys
from brought import twice
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print("sum", spark.sparkContext.parallelize([1, 2, 3], 2).map(twice).sum(), sys.argv[1:])
"""
# The machine's Python without this project's packages, so that PySpark is Spark's own.
PYTHON = f"""#!/bin/sh
here=$(dirname "$0")
PYTHONPATH="$here/../lib:$PYTHONPATH" exec {sys._base_executable} "$@"
"""
ENVIRONMENT = " ".join(
    f"--conf spark.{prefix}.{name}=./environment/bin/python"
    for prefix, name in (
        ("emr-serverless.driverEnv", "PYSPARK_DRIVER_PYTHON"),
        ("emr-serverless.driverEnv", "PYSPARK_PYTHON"),
        ("executorEnv", "PYSPARK_PYTHON"),
    )
)


def _packed(**files: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as packed:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text.encode()), 0o755
            packed.addfile(entry, io.BytesIO(text.encode()))
    return content.getvalue()


def test_a_job_runs_in_the_python_environment_that_it_brings(service: Service) -> None:
    module = "def twice(number):\n    return 2 * number\n"
    files = {"bin/python": PYTHON, "lib/brought.py": module}
    address = service.put("env.tar.gz", _packed(**files))

    run_id = service.submit(
        JOB,
        arguments=["--full"],
        spark_submit_parameters=f"--conf spark.archives={address}#environment {ENVIRONMENT}",
    )

    service.until(run_id, "SUCCEEDED")
    assert "sum 12 ['--full']" in service.log(run_id, "stdout")


def test_zip_files_keep_who_may_run_them_and_nothing_leads_out(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("bin/tool")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(entry, "x")
        packed.writestr("../out.txt", "x")
    (tmp_path / "b.tar.gz").write_bytes(_packed(**{"../out.txt": "x"}))
    (tmp_path / "c.tgz").write_bytes(b"no archive")

    unpacked = archives.unpacked(tmp_path / "a.zip", tmp_path / "in" / "a")

    assert (unpacked / "bin/tool").stat().st_mode & 0o777 == 0o700
    for name in ("b.tar.gz", "c.tgz"):
        with pytest.raises(archives.ArchiveError, match=f"{name} cannot be unpacked"):
            archives.unpacked(tmp_path / name, tmp_path / "in" / "b")
    assert not list(tmp_path.rglob("out.txt")) or list(tmp_path.rglob("out.txt")) == [
        tmp_path / "in" / "a" / "out.txt"
    ]
    assert archives.parts("s3://b/x/env.tar.gz") == ("s3://b/x/env.tar.gz", "env.tar.gz")
    assert archives.parts("s3://b/env.zip#e") == ("s3://b/env.zip", "e")
