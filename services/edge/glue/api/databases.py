"""The Data Catalog's operations on databases, and on the one catalog that there is."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.aws.pages import token
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGING
from services.edge.glue.api.resource_tags import tag_fields
from services.edge.glue.catalog import checks, databases
from services.edge.glue.catalog.store import dumped, loaded
from services.edge.glue.store import DATABASE_TAGS

PAGE = 100


class Databases(Operations):
    @operation("CreateDatabase", differs="Resource links and federated databases are refused.")
    def create_database(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        database = databases.created(request["DatabaseInput"], context.account_id, time.time())
        name = database["Name"]
        with self._catalog(context).transaction():
            if self._catalog(context).row("SELECT 1 FROM databases WHERE name=?", name):
                raise errors.already_exists("Database")
            self._catalog(context).write(
                "INSERT INTO databases VALUES (?, ?)", name, dumped(database)
            )
            tagged = tag_fields(context, "database", name, request)
            self._account(context).records.put(DATABASE_TAGS, name, tagged)
        return {}

    @operation("GetDatabase")
    def get_database(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        return {"Database": self._database(context, request["Name"])}

    @operation("GetDatabases")
    def get_databases(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        size = request.get("MaxResults") or PAGE
        if request.get("ResourceShareType") in ("FOREIGN", "FEDERATED"):
            return {"DatabaseList": []}  # nobody shares databases with this account
        (after,) = PAGING.position(request, "databases", [""])
        rows = self._catalog(context).rows(
            "SELECT document FROM databases WHERE name>? ORDER BY name LIMIT ?", after, size + 1
        )
        found = [_asked(loaded(document), request) for (document,) in rows]
        answer: Request = {"DatabaseList": found[:size]}
        if len(found) > size:
            answer["NextToken"] = token("databases", [found[size - 1]["Name"]])
        return answer

    @operation("UpdateDatabase", differs="A database cannot be renamed.")
    def update_database(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        with self._catalog(context).transaction():
            changed = databases.updated(
                self._database(context, request["Name"]), request["DatabaseInput"]
            )
            self._catalog(context).write(
                "UPDATE databases SET document=? WHERE name=?", dumped(changed), changed["Name"]
            )
        return {}

    @operation(
        "DeleteDatabase",
        differs="With its tables, their versions and partitions, before the answer.",
    )
    def delete_database(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        name = self._database(context, request["Name"])["Name"]
        with self._catalog(context).transaction():
            self._catalog(context).write("DELETE FROM databases WHERE name=?", name)
        self._account(context).records.delete(DATABASE_TAGS, name)
        return {}

    @operation("GetCatalog")
    def get_catalog(self, context: RequestContext, request: Request) -> Request:
        checks.catalog(request, context.account_id)
        return {"Catalog": _root(context)}

    @operation(
        "GetCatalogs", differs="The account's own where asked for; none can be made below it."
    )
    def get_catalogs(self, context: RequestContext, request: Request) -> Request:
        checks.catalog({"CatalogId": request.get("ParentCatalogId")}, context.account_id)
        PAGING.position(request, "catalogs", [""])
        return {"CatalogList": [_root(context)] if request.get("IncludeRoot") else []}

    def _database(self, context: RequestContext, name: str) -> databases.Database:
        row = self._catalog(context).row(
            "SELECT document FROM databases WHERE name=?", name.lower()
        )
        if row is None:
            raise errors.not_found(f"Database {name}")
        return loaded(row[0])


def _asked(database: databases.Database, request: Request) -> databases.Database:
    if request.get("AttributesToGet") is None:
        return database
    return {name: database[name] for name in ("Name", "CatalogId")}


def _root(context: RequestContext) -> dict[str, Any]:
    account = context.account_id
    arn = f"arn:aws:glue:{context.region}:{account}:catalog"
    return {"CatalogId": account, "Name": account, "ResourceArn": arn}
