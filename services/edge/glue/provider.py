"""AWS Glue: one class of operations per subject, put together here."""

from __future__ import annotations

from localstack.aws.api import RequestContext

from services.edge.aws.every_minute import call_every_minute
from services.edge.glue.catalog.operations import CatalogOperations
from services.edge.glue.catalog.store import Catalogs, CatalogStore
from services.edge.glue.crawlers.operations import CrawlerOperations
from services.edge.glue.crawlers.runner import CRAWL, LATEST
from services.edge.glue.follower import KIND as RUN
from services.edge.glue.job_operations import JobOperations
from services.edge.glue.places import Places
from services.edge.glue.tag_operations import KINDS, TagOperations
from services.edge.glue.triggers.engine import CHAIN
from services.edge.glue.triggers.operations import TriggerOperations
from services.edge.glue.workflows.operations import WorkflowOperations
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records

KEPT = (*KINDS.values(), RUN, CRAWL, LATEST, CHAIN)


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
        self._places = Places(records, spark)
        records.adopt(KEPT)
        for scope in records.scopes(KEPT):
            self._places.of(scope).resume()
        call_every_minute(lambda: [one.start_crawls for one in self._places.all()], "crawlers")
        call_every_minute(lambda: [one.fire_triggers for one in self._places.all()], "triggers")

    def _catalog(self, context: RequestContext) -> CatalogStore:
        return self._catalogs.of(context.account_id, context.region)
