"""Runs one statement: the control plane's request in, its answer out."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import boto3
import duckdb
from botocore.config import Config
from botocore.exceptions import ClientError

from services.edge.athena.engine.files import Counter, Storage
from services.edge.athena.engine.glue_catalog import GlueCatalog
from services.edge.athena.engine.relations import Relations
from services.edge.athena.engine.request import Answer, QueryRequest
from services.edge.athena.engine.run import Rules, Run
from services.edge.athena.engine.session import as_query_error, own_error
from services.edge.athena.engine.statements import (
    alterations,
    definitions,
    exports,
    inserts,
    partitions,
    queries,
    shows,
)
from services.edge.athena.sql.errors import SYSTEM, USER, MalformedQueryError, QueryError
from services.edge.delta.errors import DeltaTableError

LOG = logging.getLogger(__name__)
REGION, ACCOUNT = "us-east-1", "000000000000"


def execute(request: QueryRequest, connection: Any) -> Answer:
    """`connection` is a DuckDB of the query's own."""
    counter = Counter(request.scan_limit)
    place = request.endpoint, request.region
    storage = Storage.at(*place, counter, _client("s3", *place, request.account))
    catalog = GlueCatalog(_client("glue", *place, request.account), request.database)
    relations = Relations(catalog, storage, connection)
    run = Run(request, catalog, relations, storage, connection)
    try:
        statement = request.statement
        answer: Answer = {"state": "SUCCEEDED", "result": RULES[type(statement)](run, statement)}
    except Exception as error:
        answer = _failure(error, counter)
    elapsed = run.milliseconds()
    answer["statistics"] = {
        "DataScannedInBytes": counter.total,
        "QueryPlanningTimeInMillis": elapsed,
        "EngineExecutionTimeInMillis": elapsed,
        "ServiceProcessingTimeInMillis": 0,
        **run.statistics,
    }
    return answer


def warm(endpoint: str) -> None:
    """Make the clients that the first query will want."""
    for service in ("glue", "s3"):
        _client(service, endpoint, REGION, ACCOUNT)


@cache
def _client(service: str, endpoint: str, region: str, account: str) -> Any:
    make: Any = boto3.client  # its overloads want the name of the service as a literal
    return make(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 2}, parameter_validation=False),
    )


def _failure(error: Exception, counter: Counter) -> Answer:
    if counter.is_exceeded:  # known by the scan, however DuckDB hands it on
        reason = f"Query cancelled! : Bytes scanned limit was exceeded: {counter.limit} bytes"
        return {"state": "FAILED", "reason": reason, "category": USER, "cancelled": True}
    reason, category = _reason(error)
    return {"state": "FAILED", "reason": reason, "category": category}


def _reason(error: Exception) -> tuple[str, int]:
    """StateChangeReason, and whose mistake it is."""
    if isinstance(error, duckdb.Error):
        error = as_query_error(error)
    elif isinstance(error, OSError):
        error = own_error(str(error)) or QueryError("HIVE_CURSOR_ERROR", str(error))
    if isinstance(error, QueryError):
        return str(error), error.category
    if isinstance(error, DeltaTableError):
        return f"DELTA_LAKE_INVALID_TABLE: {error}", USER
    if isinstance(error, ClientError):
        answer = error.response["Error"]
        return f"{answer['Code']}: {answer['Message']}", USER
    if isinstance(error, MalformedQueryError):
        return str(error), USER
    LOG.exception("the query cannot be run")
    return f"GENERIC_INTERNAL_ERROR: {error}", SYSTEM


RULES: Rules = {
    **queries.RULES,
    **shows.RULES,
    **definitions.RULES,
    **alterations.RULES,
    **partitions.RULES,
    **inserts.RULES,
    **exports.RULES,
}
