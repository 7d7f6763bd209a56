"""Runs one statement: the control plane's request in, statistics and the result's shape out."""

from __future__ import annotations

import logging
import time
from typing import Any

import boto3
import duckdb
from botocore.config import Config
from botocore.exceptions import ClientError

from services.edge.athena.engine.files import Counter, Storage
from services.edge.athena.engine.glue_catalog import GlueCatalog
from services.edge.athena.engine.relations import Relations
from services.edge.athena.engine.run import Rules, Run
from services.edge.athena.engine.session import as_query_error, own_error
from services.edge.athena.engine.statements import commands, queries
from services.edge.athena.sql.errors import SYSTEM, USER, MalformedQueryError, QueryError
from services.edge.athena.sql.statements.parser import read
from services.edge.delta.errors import DeltaTableError

LOG = logging.getLogger(__name__)
Document = dict[str, Any]
REGION, ACCOUNT = "us-east-1", "000000000000"


def execute(request: Document, connection: Any) -> Document:
    """`state` SUCCEEDED or FAILED, `reason`, `statistics` (milliseconds, bytes) and `result`."""
    started = time.monotonic()
    counter = Counter(request.get("cutoff"))
    statistics: Document = {}
    answer: Document = {}
    try:
        answer["result"] = _run(request, connection, counter, statistics)
        answer["state"] = "SUCCEEDED"
    except Exception as error:
        answer = {"state": "FAILED", **_failure(error, counter)}
    elapsed = _milliseconds(started)
    planning = min(statistics.pop("planning", elapsed), elapsed)
    publishing = statistics.pop("publishing", 0)
    answer["statistics"] = {
        "DataScannedInBytes": counter.total,
        "QueryPlanningTimeInMillis": planning,
        "EngineExecutionTimeInMillis": max(0, elapsed - publishing),
        "ServiceProcessingTimeInMillis": publishing,
        **statistics,
    }
    return answer


def _run(request: Document, connection: Any, counter: Counter, statistics: Document) -> Document:
    statistics["begun"] = time.monotonic()
    try:
        statement = read(request["query"], request.get("parameters") or [])
        clients = {name: _client(name, request) for name in ("glue", "s3")}
        storage = Storage.at(request["endpoint"], request["region"], counter, clients["s3"])
        catalog = GlueCatalog(clients["glue"], request["database"])
        relations = Relations(catalog, storage, connection)
        run = Run(request, statement, catalog, relations, storage, connection, statistics)
        return RULES[statement.kind](run)
    finally:
        statistics.pop("begun", None)


def warm(endpoint: str) -> None:
    """Make the clients that the first query will want."""
    for service in ("glue", "s3"):
        _client(service, {"endpoint": endpoint, "region": REGION, "account": ACCOUNT})


def _client(service: str, request: Document) -> Any:
    key = (service, request["endpoint"], request["region"], request["account"])
    if key not in _CLIENTS:
        make: Any = boto3.client  # its overloads want the name of the service as a literal
        _CLIENTS[key] = make(
            service,
            endpoint_url=request["endpoint"],
            region_name=request["region"],
            aws_access_key_id=request["account"],
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 2}, parameter_validation=False),
        )
    return _CLIENTS[key]


_CLIENTS: dict[tuple[str, str, str, str], Any] = {}


def _failure(error: Exception, counter: Counter) -> Document:
    category = USER
    if counter.is_exceeded:  # told by the scan, however DuckDB hands it on
        reason = f"Query cancelled! : Bytes scanned limit was exceeded: {counter.limit} bytes"
        return {"reason": reason, "category": USER, "cancelled": True}
    if isinstance(error, duckdb.Error):
        error = as_query_error(error)
    if isinstance(error, QueryError):
        return {"reason": str(error), "category": error.category}
    if isinstance(error, DeltaTableError):
        return {"reason": f"DELTA_LAKE_INVALID_TABLE: {error}", "category": USER}
    if isinstance(error, ClientError):
        found = error.response["Error"]
        return {"reason": f"{found['Code']}: {found['Message']}", "category": USER}
    if isinstance(error, MalformedQueryError):
        return {"reason": str(error), "category": USER}
    if isinstance(error, OSError):
        own = own_error(str(error)) or QueryError("HIVE_CURSOR_ERROR", str(error))
        return {"reason": str(own), "category": own.category}
    LOG.exception("the query cannot be run")
    category = SYSTEM
    return {"reason": f"GENERIC_INTERNAL_ERROR: {error}", "category": category}


def _milliseconds(since: float) -> int:
    return round((time.monotonic() - since) * 1000)


RULES: Rules = {**queries.RULES, **commands.RULES}
