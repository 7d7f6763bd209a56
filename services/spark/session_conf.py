"""Spark's configuration on this machine: what EMR Serverless sets there, and the edge as S3."""

from __future__ import annotations

from pathlib import Path

from services.spark.settings import Settings

# Sizes and numbers of workers mean nothing here: the driver is also the executor.
SIZING = (
    "spark.executor.",
    "spark.driver.cores",
    "spark.driver.memory",
    "spark.dynamicAllocation.",
    "spark.emr-serverless.",
)


# Short jobs on few cores: no time for the optimising compiler, no threads for the collector.
JAVA_OPTIONS = "-Duser.timezone=UTC -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def session_conf(settings: Settings) -> dict[str, str]:
    """The defaults of every session, warm or cold."""
    return {
        "spark.master": settings.master,
        "spark.driver.memory": settings.driver_memory,
        "spark.driver.extraClassPath": class_path(settings.jars_dir),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.showConsoleProgress": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": settings.events_dir.as_uri(),
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS,
        "spark.sql.warehouse.dir": (settings.data_dir / "warehouse").as_uri(),
        # Small tables on two cores.
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.delta.logStore.class": "org.apache.spark.sql.delta.storage.S3SingleDriverLogStore",
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": settings.endpoint_url,
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.access.key": "test",
        "spark.hadoop.fs.s3a.secret.key": "test",
        "spark.hadoop.fs.s3a.directory.marker.retention": "keep",
    }


def differs_from_warm(conf: dict[str, str], warm: dict[str, str]) -> dict[str, str]:
    """The settings of a job that a session already started cannot take over."""
    return {
        name: value
        for name, value in conf.items()
        if warm.get(name) != value and not is_runtime(name) and not name.startswith(SIZING)
    }


def is_runtime(name: str) -> bool:
    """Whether a running session accepts the setting: SQL's, but for the static ones."""
    static = ("spark.sql.extensions", "spark.sql.catalog.", "spark.sql.warehouse.")
    return name.startswith(("spark.sql.", "spark.databricks.delta.")) and not name.startswith(
        static
    )


def class_path(jars_dir: Path) -> str:
    return f"{jars_dir}/*"
