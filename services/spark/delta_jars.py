"""Delta's classes: a job has those of the jars that it names, and without any it has none.

As on AWS, where no driver has them by itself:
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-delta-lake.html
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-delta-lake.html
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

IMAGE = "/usr/share/aws/delta/lib/"
# Where the images of AWS have them; here they are in the jars' folder, under names with versions.
IMAGE_FOLDERS = (IMAGE, "/usr/lib/spark/jars/delta-")
IMAGE_JARS = (f"{IMAGE}delta-spark.jar", f"{IMAGE}delta-storage.jar")
# What a session needs for Delta's SQL, beside the jars.
CONF = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.delta.logStore.class": "org.apache.spark.sql.delta.storage.S3SingleDriverLogStore",
}


def of(folder: Path) -> list[Path]:
    return sorted(folder.glob("delta-*.jar"))


def named(addresses: Iterable[str], folder: Path) -> list[Path]:
    """Of Delta's jars in the folder those that the addresses mean, in whatever image or bucket."""
    kinds = {_kind(Path(address).name) for address in addresses}
    return [jar for jar in of(folder) if _kind(jar.name) in kinds]


def class_path_without(folder: Path) -> str:
    return ":".join(str(jar) for jar in sorted(folder.glob("*.jar")) if jar not in of(folder))


def _kind(name: str) -> str:
    """What was delta-core until Delta 3 is delta-spark now."""
    if name.startswith("delta-storage"):
        return "delta-storage"
    return "delta-spark" if name.startswith(("delta-spark", "delta-core")) else name
