"""One local Spark session with Delta for all tests of this tier."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyspark.sql import SparkSession


def pytest_configure(config):
    # PySpark leaves the socket of each collect() to the garbage collector.
    for warning in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
        config.addinivalue_line("filterwarnings", f"ignore:.*<socket.socket:{warning}")


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    jars = Path(os.environ.get("LAKE_JARS", ".lake/jars"))
    delta = [str(jar) for pattern in ("delta-*.jar", "antlr4-*.jar") for jar in jars.glob(pattern)]
    if not delta:
        pytest.fail(f"Expected the Delta jars in {jars.resolve()}, found none: run `make setup`.")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("tests")
        .config("spark.jars", ",".join(delta))
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"
        )
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    yield session
    session.stop()
