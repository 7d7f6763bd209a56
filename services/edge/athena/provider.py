"""Amazon Athena: one class of operations per subject, put together here."""

from __future__ import annotations

import threading
import time

from localstack import config
from localstack.aws.api import RequestContext

from services.edge.athena import workgroups
from services.edge.athena.api.catalog import CatalogOperations
from services.edge.athena.api.query_executions import QueryOperations
from services.edge.athena.api.results import ResultOperations
from services.edge.athena.api.saved_queries import SavedOperations
from services.edge.athena.api.workgroups import WorkGroupOperations
from services.edge.athena.pool import Limits, Pool
from services.edge.athena.runner import Runner, scope
from services.edge.athena.store import KINDS, WORKGROUP
from services.edge.store.records import Records, Scoped


class AthenaProvider(
    QueryOperations, ResultOperations, WorkGroupOperations, SavedOperations, CatalogOperations
):
    """Queries over the Data Catalog, translated for DuckDB; workgroups and saved queries."""

    service = "athena"

    def __init__(self, records: Records, limits: Limits) -> None:
        self._records, self._starting = records, threading.Lock()
        records.adopt(KINDS)
        self._runner = Runner(records, Pool(limits, config.internal_service_url()))
        self._runner.fail_lost()

    def _own(self, context: RequestContext) -> Scoped:
        """What is the account's in the region, where there is always a primary workgroup."""
        own = self._records.of(scope(context))
        if own.get(WORKGROUP, workgroups.PRIMARY) is None:
            own.put(WORKGROUP, workgroups.PRIMARY, workgroups.primary(time.time()))
        return own
