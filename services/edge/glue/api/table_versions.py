"""The Data Catalog's operations on versions of tables."""

from __future__ import annotations

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.aws.pages import token
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGING
from services.edge.glue.catalog import checks, table_rows, tables
from services.edge.glue.catalog.store import loaded

PAGE = 100
NEWER_THAN_ALL = str(10**17)


class TableVersions(Operations):
    @operation("GetTableVersion")
    def get_table_version(self, context: RequestContext, request: Request) -> Request:
        found = self._versioned(context, request)
        version_id = request.get("VersionId") or found.table["VersionId"]
        table = table_rows.version(self._catalog(context), found, version_id)
        return {"TableVersion": _version(table)}

    @operation("GetTableVersions", differs="Newest first.")
    def get_table_versions(self, context: RequestContext, request: Request) -> Request:
        found = self._versioned(context, request)
        size, listing = request.get("MaxResults") or PAGE, f"versions of {found.id}"
        (before,) = PAGING.position(request, listing, [NEWER_THAN_ALL])
        newest = table_rows.number(before)
        rows = self._catalog(context).rows(table_rows.VERSIONS_BEFORE, found.id, newest, size + 1)
        answer: Request = {
            "TableVersions": [_version(loaded(document)) for _, document in rows[:size]]
        }
        if len(rows) > size:
            answer["NextToken"] = token(listing, [str(rows[size - 1][0])])
        return answer

    @operation("DeleteTableVersion", differs="The current version cannot be deleted.")
    def delete_table_version(self, context: RequestContext, request: Request) -> Request:
        with self._catalog(context).transaction():
            found = self._versioned(context, request)
            table_rows.delete_version(self._catalog(context), found, request["VersionId"])
        return {}

    @operation("BatchDeleteTableVersion")
    def batch_delete_table_version(self, context: RequestContext, request: Request) -> Request:
        refused = []
        with self._catalog(context).transaction():
            found = self._versioned(context, request)
            for version_id in request["VersionIds"]:
                try:
                    table_rows.delete_version(self._catalog(context), found, version_id)
                except errors.GlueError as error:
                    known = {"TableName": found.table["Name"], "VersionId": version_id}
                    refused.append({**known, "ErrorDetail": errors.detail(error)})
        return {"Errors": refused}

    def _versioned(self, context: RequestContext, request: Request) -> table_rows.StoredTable:
        checks.catalog(request, context.account_id)
        return table_rows.find(
            self._catalog(context), request["DatabaseName"], request["TableName"]
        )


def _version(table: tables.Table) -> Request:
    return {"Table": table, "VersionId": table["VersionId"]}
