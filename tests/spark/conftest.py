"""One local Spark session with Delta for this folder, and silver tables in a folder."""

from __future__ import annotations

import gc
import os
import shutil
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from deltalake import DeltaTable
from lakehouse.delivery_rows import delivery_rows
from lakehouse.delta_tables import read_table
from lakehouse.events_silver import ensure_tables, write_deliveries
from lakehouse.exact_times import SETTINGS, keep_times_exact
from lakehouse.local_rows import local_rows
from lakehouse.session import FOR_FEW_ROWS
from pyspark.sql import SparkSession

from tests.support.silver_facts import BOOKINGS, SPEND, booking

GLUE_LIBS = str(Path(__file__).parents[2] / "services/spark/glue_libs")
# Over so many small queries a second compiler and a concurrent collector cost more than they gain.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms2g -XX:MetaspaceSize=512m"
TABLES = ("fact_events", "fact_bookings", "rejected_events")


def pytest_collection_modifyitems(items):
    # PySpark leaves the socket of each collect() to the garbage collector.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
                ignored = f"ignore:.*<socket.socket:{warning}"
                item.add_marker(pytest.mark.filterwarnings(ignored))


@pytest.fixture(scope="module", autouse=True)
def no_socket_is_left():
    """To the tests of another folder, which close what they open."""
    yield
    gc.collect()


@pytest.fixture(scope="package")
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
        .config("spark.driver.extraJavaOptions", f"-Duser.timezone=UTC {SHORT_LIVED}")
        .config("spark.driver.memory", "3g")
        .config("spark.ui.retainedJobs", "10")
        .config("spark.ui.retainedStages", "10")
        .config("spark.sql.ui.retainedExecutions", "10")
        .config(map=FOR_FEW_ROWS)
        .config("spark.ui.enabled", "false")
        .config("spark.executorEnv.PYTHONPATH", GLUE_LIBS)
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="package")
def empty_tables(spark, tmp_path_factory):
    made = tmp_path_factory.mktemp("empty")
    ensure_tables(spark, str(made))
    return made


@pytest.fixture(scope="package")
def silver_at(spark, empty_tables):
    """Makes empty silver tables below a folder; the session's times are exact meanwhile."""

    @contextmanager
    def made(root):
        shutil.copytree(empty_tables, root, dirs_exist_ok=True)
        before = {name: spark.conf.get(name) for name in SETTINGS}
        keep_times_exact(spark)
        yield Silver(spark, str(root))
        for name, value in before.items():
            spark.conf.set(name, value)

    return made


@pytest.fixture
def silver(silver_at, tmp_path):
    """The tables are there, empty, below `root`."""
    with silver_at(tmp_path) as made:
        yield made


class Silver:
    def __init__(self, spark, root):
        self._spark, self.root = spark, root

    def write(self, *objects, run="run-1", rewrite=False, known=False):
        """`known`: the run finds the tables as the last one left them."""
        rows = delivery_rows(self._spark, objects)
        return write_deliveries(rows, len(objects), self.root, run, rewrite, known, known)

    def read(self, name):
        return read_table(self._spark, f"{self.root}/{name}")

    def select(self, name, *columns):
        """Of all columns without a name. Read by delta-rs, in a tenth of Spark's time."""
        table = DeltaTable(f"{self.root}/{name}").to_pyarrow_table()
        rows = table.select(columns or table.column_names).to_pylist()
        return sorted((tuple(row.values()) for row in rows), key=str)

    def everything(self):
        return {name: self.select(name) for name in TABLES[:2]}

    def commits(self):
        return [len(DeltaTable(f"{self.root}/{name}").history()) for name in TABLES]


@pytest.fixture
def facts(spark):
    schemas = [spark.createDataFrame([], columns).schema for columns in (BOOKINGS, SPEND)]

    def make(bookings, spend=()):
        rows = [booking(**b) for b in bookings], spend
        return tuple(map(partial(local_rows, spark), rows, schemas))

    return make
