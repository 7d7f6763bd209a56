"""Athena's operations on query executions: start, stop, look at, list."""

from __future__ import annotations

import threading
import time
import uuid
from functools import partial

from botocore.exceptions import ClientError
from localstack import config
from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to

from services.edge.athena import executions, workgroups
from services.edge.athena.api.account import PAGING, Operations, Request, split
from services.edge.athena.default_database import DEFAULT
from services.edge.athena.documents import Execution, Workgroup
from services.edge.athena.engine.request import Answer, QueryRequest
from services.edge.athena.errors import invalid, malformed, require_range
from services.edge.athena.runner import Runner, Work
from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.parameters import literal
from services.edge.athena.sql.statements.parser import parse
from services.edge.athena.store import EXECUTION_TOKEN, SavedQueries, scope_of
from services.edge.aws.operation import operation
from services.edge.store.records import Records

LONGEST_QUERY = 262_144  # bytes
BATCH = 50
_CATALOGS = ("awsdatacatalog", "")


class QueryOperations(Operations):
    def __init__(self, records: Records, runner: Runner) -> None:
        super().__init__(records, runner)
        self._starting = threading.Lock()

    @operation("StartQueryExecution")
    def start_query_execution(self, context: RequestContext, request: Request) -> Request:
        with self._starting:  # requests with one token start one query, however they come
            identifier = self._own(context).tokens(EXECUTION_TOKEN).identifier(request)
            if identifier is None or self._find(context, identifier) is None:
                identifier = identifier or str(uuid.uuid4())
                self._start(context, request, identifier)
        return {"QueryExecutionId": identifier}

    @operation("StopQueryExecution")
    def stop_query_execution(self, context: RequestContext, request: Request) -> Request:
        execution = self._execution(context, request["QueryExecutionId"])
        self._runner.stop(execution)
        return {}

    @operation("GetQueryExecution")
    def get_query_execution(self, context: RequestContext, request: Request) -> Request:
        execution = self._execution(context, request["QueryExecutionId"])
        return {"QueryExecution": executions.public(execution)}

    @operation("BatchGetQueryExecution")
    def batch_get_query_execution(self, context: RequestContext, request: Request) -> Request:
        identifiers = request["QueryExecutionIds"]
        require_range("The number of QueryExecutionIds", len(identifiers), 1, BATCH)
        found = {name: self._find(context, name) for name in identifiers}
        executed, missing = split(found, "QueryExecutionId", "INVALID_INPUT", "QueryExecution")
        known = [executions.public(execution) for execution in executed]
        return {"QueryExecutions": known, "UnprocessedQueryExecutionIds": missing}

    @operation("ListQueryExecutions")
    def list_query_executions(self, context: RequestContext, request: Request) -> Request:
        name = self._workgroup(context, request.get("WorkGroup"))
        identifiers = [
            execution["QueryExecutionId"]
            for execution in self._executions.newest_first(scope_of(context))
            if execution["WorkGroup"] == name
        ]
        return PAGING.page(request, "QueryExecutionIds", identifiers, BATCH)

    def _start(self, context: RequestContext, request: Request, identifier: str) -> None:
        _check(request)
        own = self._own(context)
        workgroup = own.workgroup(request.get("WorkGroup"))
        if workgroup["State"] != "ENABLED":
            raise invalid(f"WorkGroup {workgroup['Name']} is disabled.")
        folder = workgroups.output_folder(workgroup, request)
        _check_bucket(folder)
        statement = _parsed(request["QueryString"], _parameters(request))
        now = time.time()
        execution = executions.created(
            request, statement, workgroup["Name"], folder, identifier, scope_of(context), now
        )
        work = self._work(context, request, statement, workgroup, execution)
        own.tokens(EXECUTION_TOKEN).remember(request, identifier)
        if previous := self._previous(execution, now):
            self._executions.save(executions.reused(execution, previous, time.time()))
        else:
            self._runner.submit(execution, work)

    def _work(
        self,
        context: RequestContext,
        request: Request,
        statement: st.Statement,
        workgroup: Workgroup,
        execution: Execution,
    ) -> Work:
        """For a worker; PREPARE and DEALLOCATE change the workgroup, which no worker knows."""
        own, name = self._own(context), workgroup["Name"]
        if isinstance(statement, st.Prepare):
            return partial(_keep_prepared, own, name, statement)
        if isinstance(statement, st.Deallocate):
            return partial(_drop_prepared, own, name, statement.name)
        identifier, folder = execution["QueryExecutionId"], execution["_folder"]
        manifest = executions.manifest(statement, folder, identifier)
        if isinstance(statement, st.Execute):
            prepared = own.find_prepared_statement(name, statement.name)
            if prepared is None:
                raise malformed(
                    f"PreparedStatement {statement.name} does not exist in workgroup {name}"
                )
            values = statement.parameters or _parameters(request)
            statement = _parsed(prepared["QueryStatement"], values)
        return QueryRequest(
            id=identifier,
            statement=statement,
            database=_database(execution["QueryExecutionContext"]),
            location=execution["ResultConfiguration"]["OutputLocation"],
            manifest=manifest,
            endpoint=config.internal_service_url(),
            region=context.region,
            account=context.account_id,
            scan_limit=workgroup["Configuration"].get("BytesScannedCutoffPerQuery"),
        )

    def _previous(self, execution: Execution, now: float) -> Execution | None:
        reuse = execution["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
        if not reuse.get("Enabled"):
            return None
        for previous in self._executions.newest_first(execution["_scope"]):
            if executions.may_reuse(execution, previous, now) and _is_there(previous):
                return previous
        return None


def _keep_prepared(own: SavedQueries, workgroup: str, statement: st.Prepare) -> Answer:
    own.save_prepared_statement(workgroup, statement.name, statement.sql)
    return {"state": "SUCCEEDED"}


def _drop_prepared(own: SavedQueries, workgroup: str, name: str) -> Answer:
    if own.find_prepared_statement(workgroup, name) is None:
        reason = f"NOT_FOUND: Prepared statement not found: {name}"
        return {"state": "FAILED", "reason": reason, "category": 2}
    own.delete_prepared_statement(workgroup, name)
    return {"state": "SUCCEEDED"}


def _check(request: Request) -> None:
    length = len(request["QueryString"].encode())
    require_range("The length of QueryString", length, 1, LONGEST_QUERY)
    catalog = (request.get("QueryExecutionContext") or {}).get("Catalog") or ""
    if catalog.lower() not in _CATALOGS:
        raise invalid(f"Catalog {catalog} is not available here: expected AwsDataCatalog")
    reuse = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration")
    if reuse and reuse.get("MaxAgeInMinutes") is not None:
        require_range("MaxAgeInMinutes", reuse["MaxAgeInMinutes"], 0, 10080)


def _parsed(sql: str, parameters: list[str]) -> st.Statement:
    try:
        return parse(sql, parameters)
    except MalformedQueryError as error:
        raise malformed(str(error)) from error


def _database(context: dict[str, str]) -> str:
    """Without the quotes in which awswrangler and Hive's DDL write it."""
    return str(context.get("Database") or DEFAULT).strip('`"')


def _parameters(request: Request) -> list[str]:
    return [literal(value) for value in request.get("ExecutionParameters") or []]


def _check_bucket(folder: str) -> None:
    bucket = folder.removeprefix("s3://").partition("/")[0]
    try:
        connect_to().s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        raise invalid(f"Unable to verify/create output bucket {bucket}") from error


def _is_there(execution: Execution) -> bool:
    location = execution["ResultConfiguration"]["OutputLocation"].removeprefix("s3://")
    bucket, _, key = location.partition("/")
    try:
        connect_to().s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        return False
    return True
