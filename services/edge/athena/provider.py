"""Amazon Athena: one class of operations per subject, put together here."""

from __future__ import annotations

import threading
import time

from localstack import config

from services.edge.athena import workgroups
from services.edge.athena.catalog_operations import CatalogOperations
from services.edge.athena.pool import Limits, Pool
from services.edge.athena.query_operations import QueryOperations
from services.edge.athena.result_operations import ResultOperations
from services.edge.athena.runner import Runner
from services.edge.athena.saved_operations import SavedOperations
from services.edge.athena.workgroup_operations import WORKGROUP, WorkGroupOperations
from services.edge.store.records import Records


class AthenaProvider(
    QueryOperations, ResultOperations, WorkGroupOperations, SavedOperations, CatalogOperations
):
    """Queries over the Data Catalog, translated for DuckDB; workgroups and saved queries."""

    service = "athena"

    def __init__(self, records: Records, limits: Limits) -> None:
        self._records, self._starting = records, threading.Lock()
        self._runner = Runner(records, Pool(limits, config.internal_service_url()))
        self._runner.fail_lost()
        if records.get(WORKGROUP, workgroups.PRIMARY) is None:
            records.put(WORKGROUP, workgroups.PRIMARY, workgroups.primary(time.time()))
