"""For notebooks: the stack's tables in DuckDB, or in a Spark session like that of the jobs.

from lake import explore
lake = explore.tables()     # a DuckDB connection; each table is a view by its name
spark = explore.spark()     # a SparkSession with the same views
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lake.clients import check_endpoint
from lake.settings import Settings
from pipeline.names import GOLD, SILVER

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def tables() -> Any:
    """A DuckDB connection with the tables as they are now; call it again for newer ones."""
    from lake.tables import connect

    settings = Settings.from_env()
    check_endpoint(settings)
    return connect(settings, " ".join((*SILVER, *GOLD)))


def spark() -> SparkSession:
    """A session in a JVM of this process, with the jobs' versions and settings, and the views.

    It writes where you tell it to: the tables are the stack's own.
    """
    from pyspark.sql import SparkSession

    from services.spark import delta_jars
    from services.spark.java import java_home
    from services.spark.session_conf import session_conf
    from services.spark.settings import Settings as SparkSettings

    settings = Settings.from_env()
    check_endpoint(settings)
    os.environ.update(environment(settings), JAVA_HOME=str(java_home()))
    builder = SparkSession.builder.appName("notebook")
    conf = {
        **session_conf(SparkSettings.from_env()),
        **delta_jars.CONF,
        "spark.eventLog.enabled": "false",
    }
    for name, value in conf.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    for name in known_tables(settings):
        rows = session.read.format("delta").load(settings.names.table_uri(name))
        rows.createOrReplaceTempView(name)
    return session


def environment(settings: Settings) -> dict[str, str]:
    """What the Spark service of this stack finds in its environment."""
    return {
        **settings.variables,
        "LAKE_DIR": str(settings.lake_dir),
        "LAKE_JARS": str(settings.jars_dir),
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "TZ": "UTC",
    }


def known_tables(settings: Settings) -> list[str]:
    from lake.tables import connect

    connection = connect(settings, " ".join((*SILVER, *GOLD)))
    return [
        row[0]
        for row in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    ]
