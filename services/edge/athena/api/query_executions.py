"""Athena's operations on query executions: start, stop, look at, list."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from localstack import config
from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to

from services.edge.athena import executions, workgroups
from services.edge.athena.default_database import DEFAULT
from services.edge.athena.engine.request import Answer, QueryRequest
from services.edge.athena.errors import invalid, malformed, page, require_range
from services.edge.athena.runner import Runner, Work, scope
from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.parameters import literal
from services.edge.athena.sql.statements.parser import parse
from services.edge.athena.store import EXECUTION_TOKEN, PREPARED, prepared_key, workgroup_of
from services.edge.aws.operation import operation
from services.edge.store.records import Scoped

LONGEST_QUERY = 262_144  # bytes
BATCH = 50
Request = dict[str, Any]
_CATALOGS = ("awsdatacatalog", "")


class QueryOperations:
    """A part of the provider, which sets what is declared here."""

    _runner: Runner
    _starting: threading.Lock

    def _own(self, context: RequestContext) -> Scoped:
        raise NotImplementedError

    @operation("StartQueryExecution")
    def start_query_execution(self, context: RequestContext, request: Request) -> Request:
        with self._starting:  # requests with one token start one query, however they come
            identifier = self._known(context, request) or self._started(context, request)
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
        found = {one: self._runner.find(scope(context), one) for one in identifiers}
        missing = [
            {
                "QueryExecutionId": one,
                "ErrorCode": "INVALID_INPUT",
                "ErrorMessage": f"QueryExecution {one} was not found",
            }
            for one, execution in found.items()
            if execution is None
        ]
        known = [executions.public(one) for one in found.values() if one is not None]
        return {"QueryExecutions": known, "UnprocessedQueryExecutionIds": missing}

    @operation("ListQueryExecutions")
    def list_query_executions(self, context: RequestContext, request: Request) -> Request:
        name = workgroup_of(self._own(context), request.get("WorkGroup"))["Name"]
        newest_first = self._runner.newest_first(scope(context))
        found = [one for one in newest_first if one["WorkGroup"] == name]
        chosen, more = page(request, found, "QueryExecutionId", BATCH)
        return {"QueryExecutionIds": [one["QueryExecutionId"] for one in chosen], **more}

    def _started(self, context: RequestContext, request: Request) -> str:
        _check(request)
        workgroup = workgroup_of(self._own(context), request.get("WorkGroup"))
        if workgroup["State"] != "ENABLED":
            raise invalid(f"WorkGroup {workgroup['Name']} is disabled.")
        folder = workgroups.output_folder(workgroup, request)
        _check_bucket(folder)
        statement = _parsed(request["QueryString"], _parameters(request))
        identifier = str(uuid.uuid4())
        now = time.time()
        execution = {
            **executions.created(request, statement, workgroup, folder, identifier, now),
            "_scope": scope(context),
        }
        work = self._work(context, request, statement, workgroup, execution)
        if previous := self._previous(execution, now):
            self._runner.record(executions.reused(execution, previous, time.time()))
        else:
            self._runner.submit(execution, work)
        self._remember(context, request, identifier)
        return identifier

    def _execution(self, context: RequestContext, identifier: str) -> Request:
        found = self._runner.find(scope(context), identifier)
        if found is None:
            raise invalid(f"QueryExecution {identifier} was not found")
        return found

    def _work(
        self,
        context: RequestContext,
        request: Request,
        statement: st.Statement,
        workgroup: Request,
        execution: Request,
    ) -> Work:
        """For a worker; PREPARE and DEALLOCATE change the workgroup, which no worker knows."""
        own, name = self._own(context), workgroup["Name"]
        if isinstance(statement, st.Prepare):
            return partial(self._keep_prepared, own, name, statement)
        if isinstance(statement, st.Deallocate):
            return partial(self._drop_prepared, own, name, statement.name)
        identifier, folder = execution["QueryExecutionId"], execution["_folder"]
        manifest = executions.manifest(statement, folder, identifier)
        if isinstance(statement, st.Execute):
            prepared = self._prepared_sql(own, name, statement.name)
            statement = _parsed(prepared, statement.parameters or _parameters(request))
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

    def _prepared_sql(self, own: Scoped, workgroup: str, name: str) -> str:
        prepared = own.get(PREPARED, prepared_key(workgroup, name))
        if prepared is None:
            raise malformed(f"PreparedStatement {name} does not exist in workgroup {workgroup}")
        return str(prepared["QueryStatement"])

    def _keep_prepared(self, own: Scoped, workgroup: str, statement: st.Prepare) -> Answer:
        document = {
            "StatementName": statement.name,
            "QueryStatement": statement.sql,
            "WorkGroupName": workgroup,
            "LastModifiedTime": time.time(),
        }
        own.put(PREPARED, prepared_key(workgroup, statement.name), document)
        return {"state": "SUCCEEDED"}

    def _drop_prepared(self, own: Scoped, workgroup: str, name: str) -> Answer:
        key = prepared_key(workgroup, name)
        if own.get(PREPARED, key) is None:
            reason = f"NOT_FOUND: Prepared statement not found: {name}"
            return {"state": "FAILED", "reason": reason, "category": 2}
        own.delete(PREPARED, key)
        return {"state": "SUCCEEDED"}

    def _previous(self, execution: Request, now: float) -> Request | None:
        reuse = execution["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
        if not reuse.get("Enabled"):
            return None
        for one in self._runner.newest_first(execution["_scope"]):
            if executions.may_reuse(execution, one, now) and _is_there(one):
                return one
        return None

    def _known(self, context: RequestContext, request: Request) -> str | None:
        """The execution that an earlier request with this token started."""
        token = request.get("ClientRequestToken")
        if token is None:
            return None
        require_range("The length of ClientRequestToken", len(token), 32, 128)
        found = self._own(context).get(EXECUTION_TOKEN, token)
        if found is not None and found["digest"] != _digest(request):
            raise invalid("Idempotent parameters do not match")
        return str(found["id"]) if found else None

    def _remember(self, context: RequestContext, request: Request, identifier: str) -> None:
        if token := request.get("ClientRequestToken"):
            self._own(context).put(
                EXECUTION_TOKEN, token, {"id": identifier, "digest": _digest(request)}
            )


def _digest(request: Request) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()


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


def _database(context: Request) -> str:
    """Without the quotes in which awswrangler and Hive's DDL write it."""
    return str(context.get("Database") or DEFAULT).strip('`"')


def _parameters(request: Request) -> list[str]:
    return [literal(one) for one in request.get("ExecutionParameters") or []]


def _check_bucket(folder: str) -> None:
    bucket = folder.removeprefix("s3://").partition("/")[0]
    try:
        connect_to().s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        raise invalid(f"Unable to verify/create output bucket {bucket}") from error


def _is_there(execution: Request) -> bool:
    location = execution["ResultConfiguration"]["OutputLocation"].removeprefix("s3://")
    bucket, _, key = location.partition("/")
    try:
        connect_to().s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        return False
    return True
