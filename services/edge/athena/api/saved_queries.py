"""Athena's operations on named queries and prepared statements."""

from __future__ import annotations

import hashlib
import json
import re
import time
import uuid
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.athena.errors import invalid, not_found, page, require_range
from services.edge.athena.store import NAMED, NAMED_TOKEN, PREPARED, prepared_key, workgroup_of
from services.edge.aws.operation import operation
from services.edge.store.records import Scoped

STATEMENT_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_@:]{0,255}")
BATCH = 50
Request = dict[str, Any]


class SavedOperations:
    """A part of the provider, which sets what is declared here."""

    def _own(self, context: RequestContext) -> Scoped:
        raise NotImplementedError

    @operation("CreateNamedQuery")
    def create_named_query(self, context: RequestContext, request: Request) -> Request:
        token, digest = request.get("ClientRequestToken"), _digest(request)
        known = self._own(context).get(NAMED_TOKEN, token) if token else None
        if known is not None:
            if known["digest"] != digest:
                raise invalid("Idempotent parameters do not match")
            return {"NamedQueryId": known["id"]}
        workgroup = self._workgroup(context, request.get("WorkGroup"))
        identifier = str(uuid.uuid4())
        names = ("Name", "Description", "Database", "QueryString")
        document = {name: request[name] for name in names if request.get(name) is not None}
        self._own(context).put(
            NAMED, identifier, {**document, "NamedQueryId": identifier, "WorkGroup": workgroup}
        )
        if token:
            self._own(context).put(NAMED_TOKEN, token, {"id": identifier, "digest": digest})
        return {"NamedQueryId": identifier}

    @operation("GetNamedQuery")
    def get_named_query(self, context: RequestContext, request: Request) -> Request:
        return {"NamedQuery": self._named(context, request["NamedQueryId"])}

    @operation("BatchGetNamedQuery")
    def batch_get_named_query(self, context: RequestContext, request: Request) -> Request:
        identifiers = request["NamedQueryIds"]
        require_range("The number of NamedQueryIds", len(identifiers), 1, BATCH)
        found = {one: self._own(context).get(NAMED, one) for one in identifiers}
        missing = [
            {
                "NamedQueryId": one,
                "ErrorCode": "INVALID_INPUT",
                "ErrorMessage": f"Named query {one} was not found",
            }
            for one, document in found.items()
            if document is None
        ]
        known = [one for one in found.values() if one is not None]
        return {"NamedQueries": known, "UnprocessedNamedQueryIds": missing}

    @operation("ListNamedQueries")
    def list_named_queries(self, context: RequestContext, request: Request) -> Request:
        workgroup = self._workgroup(context, request.get("WorkGroup"))
        found = [one for one in self._own(context).list(NAMED) if one["WorkGroup"] == workgroup]
        chosen, more = page(request, found, "NamedQueryId", BATCH)
        return {"NamedQueryIds": [one["NamedQueryId"] for one in chosen], **more}

    @operation("UpdateNamedQuery")
    def update_named_query(self, context: RequestContext, request: Request) -> Request:
        found = self._named(context, request["NamedQueryId"])
        names = ("Name", "Description", "QueryString")
        changed = {name: request[name] for name in names if request.get(name) is not None}
        self._own(context).put(NAMED, found["NamedQueryId"], {**found, **changed})
        return {}

    @operation("DeleteNamedQuery")
    def delete_named_query(self, context: RequestContext, request: Request) -> Request:
        self._own(context).delete(
            NAMED, self._named(context, request["NamedQueryId"])["NamedQueryId"]
        )
        return {}

    @operation("CreatePreparedStatement")
    def create_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        name, workgroup = request["StatementName"], self._workgroup(context, request["WorkGroup"])
        if not STATEMENT_NAME.fullmatch(name):
            raise invalid(f"StatementName {name!r} does not match {STATEMENT_NAME.pattern}")
        if self._own(context).get(PREPARED, prepared_key(workgroup, name)) is not None:
            raise invalid(f"PreparedStatement {name} already exists in workgroup {workgroup}")
        self._keep(context, workgroup, name, request)
        return {}

    @operation("GetPreparedStatement")
    def get_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        found = self._prepared(
            context, self._workgroup(context, request["WorkGroup"]), request["StatementName"]
        )
        return {"PreparedStatement": found}

    @operation("BatchGetPreparedStatement")
    def batch_get_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        workgroup = self._workgroup(context, request["WorkGroup"])
        found = {
            name: self._own(context).get(PREPARED, prepared_key(workgroup, name))
            for name in request["PreparedStatementNames"]
        }
        missing = [
            {
                "StatementName": name,
                "ErrorCode": "STATEMENT_NOT_FOUND",
                "ErrorMessage": f"Prepared statement {name} was not found",
            }
            for name, document in found.items()
            if document is None
        ]
        known = [one for one in found.values() if one is not None]
        return {"PreparedStatements": known, "UnprocessedPreparedStatementNames": missing}

    @operation("ListPreparedStatements")
    def list_prepared_statements(self, context: RequestContext, request: Request) -> Request:
        found = list(
            self._own(context).list(
                PREPARED, prepared_key(self._workgroup(context, request["WorkGroup"]), "")
            )
        )
        chosen, more = page(request, found, "StatementName", BATCH)
        names = ("StatementName", "LastModifiedTime")
        return {"PreparedStatements": [{n: one[n] for n in names} for one in chosen], **more}

    @operation("UpdatePreparedStatement")
    def update_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        workgroup = self._workgroup(context, request["WorkGroup"])
        found = self._prepared(context, workgroup, request["StatementName"])
        self._keep(context, workgroup, found["StatementName"], {**found, **request})
        return {}

    @operation("DeletePreparedStatement")
    def delete_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        workgroup = self._workgroup(context, request["WorkGroup"])
        found = self._prepared(context, workgroup, request["StatementName"])
        self._own(context).delete(PREPARED, prepared_key(workgroup, found["StatementName"]))
        return {}

    def _keep(self, context: RequestContext, workgroup: str, name: str, request: Request) -> None:
        document = {
            "StatementName": name,
            "QueryStatement": request["QueryStatement"],
            "WorkGroupName": workgroup,
            "LastModifiedTime": time.time(),
        }
        if request.get("Description") is not None:
            document["Description"] = request["Description"]
        self._own(context).put(PREPARED, prepared_key(workgroup, name), document)

    def _named(self, context: RequestContext, identifier: str) -> Request:
        found = self._own(context).get(NAMED, identifier)
        if found is None:
            raise invalid(f"NamedQuery {identifier} was not found")
        return found

    def _prepared(self, context: RequestContext, workgroup: str, name: str) -> Request:
        found = self._own(context).get(PREPARED, prepared_key(workgroup, name))
        if found is None:
            raise not_found(f"PreparedStatement {name} was not found", name)
        return found

    def _workgroup(self, context: RequestContext, name: str | None) -> str:
        return str(workgroup_of(self._own(context), name)["Name"])


def _digest(request: Request) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
