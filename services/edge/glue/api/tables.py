"""The Data Catalog's operations on tables."""

from __future__ import annotations

import time

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.aws.pages import token
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGING
from services.edge.glue.catalog import checks, patterns, search, table_rows, tables
from services.edge.glue.catalog import partition_rows as partitions

PAGE = 100
SEARCH_PAGE = 1000


class Tables(Operations):
    @operation(
        "CreateTable",
        differs="Iceberg input, partition indexes, resource links, multi-dialect views: refused.",
    )
    def create_table(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        checks.available(request)
        definition = _definition(request)
        with self._catalog(context).transaction():
            database = table_rows.require_database(self._catalog(context), request["DatabaseName"])
            table = tables.created(definition, database, context.account_id, time.time())
            table_rows.insert(self._catalog(context), table)
        return {}

    @operation("GetTable")
    def get_table(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        checks.available(request)
        found = table_rows.find(self._catalog(context), request["DatabaseName"], request["Name"])
        return {"Table": found.table}

    @operation("GetTables", differs="A star that follows no `.`, `)` or `]` stands for anything.")
    def get_tables(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        checks.available(request)
        if "NAME" not in request.get("AttributesToGet", ["NAME"]):
            raise errors.invalid_input("AttributesToGet must include NAME.")
        database = table_rows.require_database(self._catalog(context), request["DatabaseName"])
        matches = patterns.compiled(request.get("Expression") or ".*").fullmatch
        size, listing = request.get("MaxResults") or PAGE, f"tables of {database}"
        (after,) = PAGING.position(request, listing, [""])
        found = table_rows.after(self._catalog(context), database, after, matches, size)
        answer: Request = {"TableList": [_asked(table, request) for table in found[:size]]}
        if len(found) > size:
            answer["NextToken"] = token(listing, [found[size - 1]["Name"]])
        return answer

    @operation("UpdateTable")
    def update_table(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        checks.available(request)
        definition = _definition(request)
        with self._catalog(context).transaction():
            found = table_rows.find(
                self._catalog(context), request["DatabaseName"], definition["Name"]
            )
            expected = request.get("VersionId")
            table = tables.updated(found.table, definition, expected, time.time())
            table_rows.replace(self._catalog(context), found, table, not request.get("SkipArchive"))
            if tables.key_types(table) != tables.key_types(found.table):
                partitions.retype(self._catalog(context), table_rows.StoredTable(found.id, table))
        return {}

    @operation("DeleteTable")
    def delete_table(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        checks.available(request)
        with self._catalog(context).transaction():
            table_rows.delete(self._catalog(context), request["DatabaseName"], request["Name"])
        return {}

    @operation("BatchDeleteTable")
    def batch_delete_table(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        checks.available(request)
        refused = []
        with self._catalog(context).transaction():
            table_rows.require_database(self._catalog(context), request["DatabaseName"])
            for name in request["TablesToDelete"]:
                try:
                    table_rows.delete(self._catalog(context), request["DatabaseName"], name)
                except errors.GlueError as error:
                    refused.append({"TableName": name, "ErrorDetail": errors.detail(error)})
        return {"Errors": refused}

    @operation(
        "SearchTables",
        differs="Words are found as parts of names, comments, locations and parameters.",
    )
    def search_tables(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        size = request.get("MaxResults") or SEARCH_PAGE
        if request.get("ResourceShareType") == "FOREIGN":
            return {"TableList": []}  # nobody shares tables with this account
        (given,) = PAGING.position(request, "search", ["0"])
        start = table_rows.number(given)
        words, exact = search.terms(request.get("SearchText"))
        found = table_rows.containing(self._catalog(context), words, exact)
        wanted = [table for table in found if search.wanted(table, request.get("Filters") or [])]
        ordered = search.ordered(wanted, request.get("SortCriteria") or [])
        end = start + size
        answer: Request = {"TableList": ordered[start:end]}
        if end < len(ordered):
            answer["NextToken"] = token("search", [str(end)])
        return answer


def _definition(request: Request) -> Request:
    definition = request.get("TableInput")
    if definition is None:
        raise errors.invalid_input("TableInput is required.")
    if (request.get("Name") or definition["Name"]).lower() != definition["Name"].lower():
        raise errors.invalid_input("Name and TableInput.Name must be the same.")
    return dict(definition)


def _asked(table: tables.Table, request: Request) -> tables.Table:
    attributes = request.get("AttributesToGet")
    if attributes is None:
        return table
    wanted = ["Name", "DatabaseName", "CatalogId"]
    wanted += ["TableType"] if "TABLE_TYPE" in attributes else []
    return {name: table[name] for name in wanted if name in table}
