"""Spark's configuration on this machine: what EMR Serverless sets there, and the edge as S3."""

from __future__ import annotations

from pathlib import Path

from services.spark.settings import Settings

# Of a JVM that has started these cannot be changed; all else is its next SparkContext's.
PROCESS_WIDE = (
    *("spark.driver.memory", "spark.driver.defaultJavaOptions", "spark.driver.extraJavaOptions"),
    *("spark.driver.extraClassPath", "spark.driver.extraLibraryPath", "spark.jars"),
    *("spark.driver.userClassPathFirst", "spark.executor.userClassPathFirst"),
)
# Serial: few cores have no threads to collect. A collection may give back at once what it freed.
HEAP = (
    "-XX:+UseSerialGC -Xms64m -XX:-ShrinkHeapInSteps"
    # Spark has so much of classes; each time that less is exceeded, all is collected.
    " -XX:MetaspaceSize=192m"
    # A full heap ends the process with signal 9, as on EMR, where the exit code is 137 then.
    " '-XX:OnOutOfMemoryError=kill -9 %p'"
)
# A job with a JVM of its own: no time for the optimising compiler. Of one compiler alone Java keeps
# 48 MB of code, and a job that needs more dies of it.
JAVA_OPTIONS = f"-Duser.timezone=UTC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m {HEAP}"
# One that stays has both compilers, but what Spark runs a few thousand times for a small table is
# not worth the optimising one, which took a third of a job's CPU time. Loops over many rows are.
POOLED_JAVA_OPTIONS = (
    "-Duser.timezone=UTC -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000"
    f" -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 {HEAP}"
)


def session_conf(settings: Settings) -> dict[str, str]:
    """The defaults of every session; for Delta it needs more, see delta_jars.py."""
    return {
        **(cluster_conf(settings) if settings.has_cluster else local_conf()),
        "spark.master": settings.master,
        "spark.driver.memory": settings.driver_memory,
        "spark.driver.extraClassPath": class_path(settings.jars_dir),
        "spark.driver.host": settings.driver_host,
        "spark.driver.bindAddress": settings.host,
        "spark.ui.showConsoleProgress": "false",
        # Its pages are for reading, see pages.py, and any free port will do for them.
        "spark.ui.killEnabled": "false",
        "spark.ui.port": "0",
        # Files that Hadoop makes on this machine are their user's alone, as all others.
        "spark.hadoop.fs.permissions.umask-mode": "077",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": settings.events_dir.as_uri(),
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS,
        "spark.sql.warehouse.dir": (settings.data_dir / "warehouse").as_uri(),
        # Small tables on two cores.
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": settings.endpoint_url,
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.access.key": "test",
        "spark.hadoop.fs.s3a.secret.key": "test",
        "spark.hadoop.fs.s3a.directory.marker.retention": "keep",
    }


def local_conf() -> dict[str, str]:
    # The only executor is the driver itself: a laptop that slept has not lost it.
    return {"spark.network.timeout": "1d"}


def cluster_conf(settings: Settings) -> dict[str, str]:
    """Of a standalone cluster whose workers have this image: its jars and Python at the same paths.

    Executors come with the work and go 20 s after it.
    """
    return {
        "spark.executor.extraClassPath": class_path(settings.jars_dir),
        "spark.executor.cores": "1",
        "spark.executor.memory": settings.executor_memory,
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.dynamicAllocation.enabled": "true",
        "spark.dynamicAllocation.shuffleTracking.enabled": "true",
        "spark.dynamicAllocation.executorIdleTimeout": "20s",
    }


def class_path(jars_dir: Path) -> str:
    return f"{jars_dir}/*"
