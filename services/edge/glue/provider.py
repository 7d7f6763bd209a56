"""AWS Glue: one class of operations per subject, put together here."""

from __future__ import annotations

from functools import partial
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to

from services.edge.glue.catalog.operations import CatalogOperations
from services.edge.glue.catalog.store import Catalogs, CatalogStore
from services.edge.glue.crawlers.operations import CrawlerOperations
from services.edge.glue.crawlers.runner import Runner
from services.edge.glue.crawlers.schedules import start_due
from services.edge.glue.follower import Follower
from services.edge.glue.job_operations import JobOperations
from services.edge.glue.minutes import at_each_minute
from services.edge.glue.runs import Run
from services.edge.glue.tag_operations import KINDS, TagOperations
from services.edge.glue.triggers.crawls import Crawls
from services.edge.glue.triggers.engine import Engine
from services.edge.glue.triggers.operations import TriggerOperations
from services.edge.glue.workflows.operations import WorkflowOperations
from services.edge.glue.workflows.start import fire_scheduled
from services.edge.own_address import own_url
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records, Scoped


class GlueProvider(
    CatalogOperations,
    CrawlerOperations,
    JobOperations,
    TriggerOperations,
    WorkflowOperations,
    TagOperations,
):
    """Jobs, each run a process of its own; triggers and workflows; the Data Catalog, crawlers."""

    service = "glue"

    def __init__(self, records: Records, catalogs: Catalogs, spark: SparkClient) -> None:
        self._catalogs = catalogs
        records.adopt((KINDS["database"],))
        self._records = records
        self._follower = Follower(records, spark, lambda: connect_to().logs, self._job_run_ended)
        self._crawls = Runner(records, _client, own_url())
        crawls = Crawls(records, self._crawls)
        self._engine = Engine(records, self.start_run, self._follower, crawls)
        self._go_on()

    def _catalog(self, context: RequestContext) -> CatalogStore:
        return self._catalogs.of(context.account_id, context.region)

    def _own(self, context: RequestContext) -> Scoped:
        return self._records.of(f"{context.account_id}/{context.region}")

    def _go_on(self) -> None:
        """With what the last process left, and with what is scheduled."""
        self._follower.resume()
        self._crawls.fail_unfinished()
        self._engine.resume()
        at_each_minute(partial(start_due, self._records, self._crawls), "crawler-schedules")
        at_each_minute(partial(fire_scheduled, self._records, self._engine), "glue-triggers")

    def _job_run_ended(self, run: Run) -> None:
        self._engine.job_run_ended(run)


def _client(service: str, region: str, account: str) -> Any:
    return getattr(connect_to(aws_access_key_id=account, region_name=region), service)
