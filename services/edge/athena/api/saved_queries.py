"""Athena's operations on named queries and prepared statements."""

from __future__ import annotations

import re
import uuid
from typing import cast

from localstack.aws.api import RequestContext

from services.edge.athena.api.account import PAGING, Operations, Request, split
from services.edge.athena.documents import NamedQuery, PreparedStatement
from services.edge.athena.errors import invalid, require_range
from services.edge.athena.store import NAMED_TOKEN
from services.edge.aws.operation import operation

STATEMENT_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_@:]{0,255}")
BATCH = 50


class SavedOperations(Operations):
    @operation("CreateNamedQuery")
    def create_named_query(self, context: RequestContext, request: Request) -> Request:
        own = self._own(context)
        tokens = own.tokens(NAMED_TOKEN)
        identifier = tokens.identifier(request) or str(uuid.uuid4())
        if own.find_named_query(identifier) is not None:
            return {"NamedQueryId": identifier}
        workgroup = self._workgroup(context, request.get("WorkGroup"))
        query: NamedQuery = {
            "NamedQueryId": identifier,
            "WorkGroup": workgroup,
            "Name": request["Name"],
            "Database": request["Database"],
            "QueryString": request["QueryString"],
        }
        if "Description" in request:
            query["Description"] = request["Description"]
        tokens.remember(request, identifier)
        own.save_named_query(query)
        return {"NamedQueryId": identifier}

    @operation("GetNamedQuery")
    def get_named_query(self, context: RequestContext, request: Request) -> Request:
        return {"NamedQuery": self._own(context).named_query(request["NamedQueryId"])}

    @operation("BatchGetNamedQuery")
    def batch_get_named_query(self, context: RequestContext, request: Request) -> Request:
        identifiers = request["NamedQueryIds"]
        require_range("The number of NamedQueryIds", len(identifiers), 1, BATCH)
        queries = {name: self._own(context).find_named_query(name) for name in identifiers}
        found, missing = split(queries, "NamedQueryId", "INVALID_INPUT", "Named query")
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}

    @operation("ListNamedQueries")
    def list_named_queries(self, context: RequestContext, request: Request) -> Request:
        workgroup = self._workgroup(context, request.get("WorkGroup"))
        queries = self._own(context).named_queries(workgroup)
        identifiers = [query["NamedQueryId"] for query in queries]
        return PAGING.page(request, "NamedQueryIds", identifiers, BATCH)

    @operation("UpdateNamedQuery")
    def update_named_query(self, context: RequestContext, request: Request) -> Request:
        own, names = self._own(context), ("Name", "Description", "QueryString")
        changes = {name: request[name] for name in names if name in request}
        query = {**own.named_query(request["NamedQueryId"]), **changes}
        own.save_named_query(cast(NamedQuery, query))
        return {}

    @operation("DeleteNamedQuery")
    def delete_named_query(self, context: RequestContext, request: Request) -> Request:
        query = self._own(context).named_query(request["NamedQueryId"])
        self._own(context).delete_named_query(query["NamedQueryId"])
        return {}

    @operation("CreatePreparedStatement")
    def create_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        own, name = self._own(context), request["StatementName"]
        workgroup = self._workgroup(context, request["WorkGroup"])
        if not STATEMENT_NAME.fullmatch(name):
            raise invalid(f"StatementName {name!r} does not match {STATEMENT_NAME.pattern}")
        if own.find_prepared_statement(workgroup, name) is not None:
            raise invalid(f"PreparedStatement {name} already exists in workgroup {workgroup}")
        own.save_prepared_statement(
            workgroup, name, request["QueryStatement"], request.get("Description")
        )
        return {}

    @operation("GetPreparedStatement")
    def get_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        return {"PreparedStatement": self._prepared(context, request)}

    @operation("BatchGetPreparedStatement")
    def batch_get_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        own, workgroup = self._own(context), self._workgroup(context, request["WorkGroup"])
        statements = {
            name: own.find_prepared_statement(workgroup, name)
            for name in request["PreparedStatementNames"]
        }
        found, missing = split(
            statements, "StatementName", "STATEMENT_NOT_FOUND", "Prepared statement"
        )
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}

    @operation("ListPreparedStatements")
    def list_prepared_statements(self, context: RequestContext, request: Request) -> Request:
        workgroup = self._workgroup(context, request["WorkGroup"])
        summaries = [
            {
                "StatementName": statement["StatementName"],
                "LastModifiedTime": statement["LastModifiedTime"],
            }
            for statement in self._own(context).prepared_statements(workgroup)
        ]
        return PAGING.page(request, "PreparedStatements", summaries, BATCH, "StatementName")

    @operation("UpdatePreparedStatement")
    def update_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        statement = {**self._prepared(context, request), **request}
        self._own(context).save_prepared_statement(
            statement["WorkGroupName"],
            statement["StatementName"],
            statement["QueryStatement"],
            statement.get("Description"),
        )
        return {}

    @operation("DeletePreparedStatement")
    def delete_prepared_statement(self, context: RequestContext, request: Request) -> Request:
        statement = self._prepared(context, request)
        self._own(context).delete_prepared_statement(
            statement["WorkGroupName"], statement["StatementName"]
        )
        return {}

    def _prepared(self, context: RequestContext, request: Request) -> PreparedStatement:
        workgroup = self._workgroup(context, request["WorkGroup"])
        return self._own(context).prepared_statement(workgroup, request["StatementName"])
