"""AWS Glue: its operations, and what works for them in the background."""

from __future__ import annotations

from services.edge.aws.every_minute import call_every_minute
from services.edge.aws.provider import Provider
from services.edge.glue.api.crawlers import Crawlers
from services.edge.glue.api.databases import Databases
from services.edge.glue.api.jobs import Jobs
from services.edge.glue.api.partitions import Partitions
from services.edge.glue.api.resource_tags import ResourceTags
from services.edge.glue.api.table_versions import TableVersions
from services.edge.glue.api.tables import Tables
from services.edge.glue.api.triggers import Triggers
from services.edge.glue.api.workflows import Workflows
from services.edge.glue.catalog.store import Catalogs
from services.edge.glue.engine.accounts import Accounts
from services.edge.glue.store import KINDS
from services.edge.spark_client import SparkClient
from services.edge.store.records import Records


class GlueProvider(Provider):
    """Jobs, each run a process of its own; triggers and workflows; the Data Catalog, crawlers."""

    service = "glue"
    apis = (
        *(Databases, Tables, TableVersions, Partitions),
        *(Crawlers, Jobs, Triggers, Workflows, ResourceTags),
    )

    def __init__(self, records: Records, catalogs: Catalogs, spark: SparkClient) -> None:
        accounts = Accounts(records, spark)
        records.adopt(KINDS)
        for scope in records.scopes(KINDS):
            accounts.of(scope).resume()
        call_every_minute(lambda: [account.start_crawls for account in accounts.all()], "crawlers")
        call_every_minute(lambda: [account.fire_triggers for account in accounts.all()], "triggers")
        super().__init__(*(api(accounts, catalogs) for api in self.apis))
