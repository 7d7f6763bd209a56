"""Amazon Athena: one class of operations per subject, put together here."""

from __future__ import annotations

from localstack import config

from services.edge.athena.api.catalog import CatalogOperations
from services.edge.athena.api.query_executions import QueryOperations
from services.edge.athena.api.results import ResultOperations
from services.edge.athena.api.saved_queries import SavedOperations
from services.edge.athena.api.workgroups import WorkGroupOperations
from services.edge.athena.pool import Limits, Pool
from services.edge.athena.runner import Runner
from services.edge.athena.store import KINDS, Executions
from services.edge.store.records import Records


class AthenaProvider(
    QueryOperations, ResultOperations, WorkGroupOperations, SavedOperations, CatalogOperations
):
    """Queries over the Data Catalog, translated for DuckDB; workgroups and saved queries."""

    service = "athena"

    def __init__(self, records: Records, limits: Limits) -> None:
        records.adopt(KINDS)
        self._executions = Executions(records)
        runner = Runner(self._executions, Pool(limits, config.internal_service_url()))
        runner.fail_lost()
        super().__init__(records, runner)

    def workgroup_of(self, account: str, region: str, identifier: str) -> str | None:
        """The workgroup of a query; None where there is no such query."""
        found = self._executions.get(f"{account}/{region}/{identifier}")
        return found["WorkGroup"] if found else None
