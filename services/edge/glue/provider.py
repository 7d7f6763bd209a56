"""AWS Glue: one class of operations per subject, put together here."""

from __future__ import annotations

from localstack.aws.connect import connect_to

from services.edge.glue.catalog.operations import CatalogOperations
from services.edge.glue.catalog.store import CatalogStore
from services.edge.glue.follower import Follower
from services.edge.glue.job_operations import JobOperations
from services.edge.glue.tag_operations import TagOperations
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records


class GlueProvider(CatalogOperations, JobOperations, TagOperations):
    """Jobs, each run a process of its own on this machine, and the Data Catalog."""

    service = "glue"

    def __init__(self, records: Records, catalog: CatalogStore, spark: SparkClient) -> None:
        self._catalog = catalog
        self._records = records
        self._follower = Follower(records, spark, lambda: connect_to().logs)
        self._follower.resume()
