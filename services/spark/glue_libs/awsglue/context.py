"""GlueContext: here the Spark session alone; it makes no DynamicFrames."""

from __future__ import annotations

from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession


class GlueContext:
    """What `GlueContext(SparkContext.getOrCreate())` offers to a script that uses DataFrames."""

    def __init__(self, sparkContext: SparkContext, **_options: Any) -> None:
        self.spark_session = SparkSession.builder.getOrCreate()
        self.sparkContext = sparkContext

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(
            f"GlueContext.{name} is not available here: read and write by spark_session instead"
        )
