"""AWS Glue: one class of operations per subject, put together here."""

from __future__ import annotations

from functools import partial
from typing import Any

from localstack.aws.connect import connect_to

from services.edge.glue.catalog.operations import CatalogOperations
from services.edge.glue.catalog.store import CatalogStore
from services.edge.glue.crawlers.operations import CrawlerOperations
from services.edge.glue.crawlers.runner import Runner
from services.edge.glue.crawlers.schedules import start_due
from services.edge.glue.follower import Follower
from services.edge.glue.job_operations import JobOperations
from services.edge.glue.minutes import at_each_minute
from services.edge.glue.tag_operations import TagOperations
from services.edge.own_address import own_url
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records


class GlueProvider(CatalogOperations, CrawlerOperations, JobOperations, TagOperations):
    """Jobs, each run a process of its own on this machine, the Data Catalog and its crawlers."""

    service = "glue"

    def __init__(self, records: Records, catalog: CatalogStore, spark: SparkClient) -> None:
        self._catalog = catalog
        self._records = records
        self._follower = Follower(records, spark, lambda: connect_to().logs)
        self._follower.resume()
        self._crawls = Runner(records, _client, own_url())
        self._crawls.fail_unfinished()
        at_each_minute(partial(start_due, records, self._crawls), "crawler-schedules")


def _client(service: str, region: str) -> Any:
    return getattr(connect_to(region_name=region), service)
