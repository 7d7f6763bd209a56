"""Athena's view of the Glue catalog: data catalogs, databases, tables."""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to

from services.edge.athena.api.account import PAGING, Operations, Request
from services.edge.athena.default_database import DEFAULT, with_default
from services.edge.athena.errors import invalid, metadata
from services.edge.aws.operation import operation

CATALOG = "AwsDataCatalog"


class CatalogOperations(Operations):
    """AwsDataCatalog is the only data catalog: connectors and Hive metastores are AWS's."""

    @operation("ListDataCatalogs")
    def list_data_catalogs(self, _: RequestContext, request: Request) -> Request:
        found = [{"CatalogName": CATALOG, "Type": "GLUE"}]
        return PAGING.page(request, "DataCatalogsSummary", found, 50, "CatalogName")

    @operation("GetDataCatalog")
    def get_data_catalog(self, _: RequestContext, request: Request) -> Request:
        if request["Name"].lower() != CATALOG.lower():
            raise invalid(f"Data catalog {request['Name']} was not found")
        return {"DataCatalog": {"Name": CATALOG, "Type": "GLUE", "Parameters": {}}}

    @operation("ListDatabases")
    def list_databases(self, context: RequestContext, request: Request) -> Request:
        _check(request)
        pages = _glue(context).get_paginator("get_databases").paginate()
        databases = with_default([database for each in pages for database in each["DatabaseList"]])
        found = [_database(database) for database in databases]
        return PAGING.page(request, "DatabaseList", found, 50, "Name")

    @operation("GetDatabase")
    def get_database(self, context: RequestContext, request: Request) -> Request:
        _check(request)
        name = request["DatabaseName"].lower()
        try:
            found = _glue(context).get_database(Name=name)
        except ClientError as error:
            if name == DEFAULT and _is_missing(error):
                return {"Database": {"Name": DEFAULT}}
            raise _told(error) from error
        return {"Database": _database(found["Database"])}

    @operation("ListTableMetadata")
    def list_table_metadata(self, context: RequestContext, request: Request) -> Request:
        _check(request)
        asked: Request = {"DatabaseName": request["DatabaseName"].lower()}
        if request.get("Expression"):
            try:
                re.compile(request["Expression"])
            except re.error as error:
                raise invalid(f"Expression is no regular expression: {error}") from error
            asked["Expression"] = request["Expression"]
        try:
            pages = _glue(context).get_paginator("get_tables").paginate(**asked)
            found = [_table(table) for each in pages for table in each["TableList"]]
        except ClientError as error:
            if asked["DatabaseName"] != DEFAULT or not _is_missing(error):
                raise _told(error) from error
            found = []
        return PAGING.page(request, "TableMetadataList", found, 50, "Name")

    @operation("GetTableMetadata")
    def get_table_metadata(self, context: RequestContext, request: Request) -> Request:
        _check(request)
        names = request["DatabaseName"].lower(), request["TableName"].lower()
        try:
            found = _glue(context).get_table(DatabaseName=names[0], Name=names[1])
        except ClientError as error:
            raise _told(error) from error
        return {"TableMetadata": _table(found["Table"])}


def _check(request: Request) -> None:
    if request["CatalogName"].lower() != CATALOG.lower():
        raise invalid(f"Data catalog {request['CatalogName']} was not found")


def _glue(context: RequestContext) -> Any:
    return connect_to(aws_access_key_id=context.account_id, region_name=context.region).glue


def _is_missing(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "EntityNotFoundException")


def _told(error: ClientError) -> Exception:
    found = error.response["Error"]
    return metadata(f"{found['Code']}: {found['Message']}")


def _database(found: Request) -> Request:
    names = ("Name", "Description", "Parameters")
    return {name: found[name] for name in names if found.get(name) is not None}


def _table(found: Request) -> Request:
    """A table's metadata; where it is and how it is read are among its parameters."""
    storage = found.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    parameters = {
        **(found.get("Parameters") or {}),
        "location": storage.get("Location"),
        "inputformat": storage.get("InputFormat"),
        "outputformat": storage.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{k}": v for k, v in (serde.get("Parameters") or {}).items()},
    }
    document = {
        "Name": found["Name"],
        "CreateTime": found.get("CreateTime"),
        "LastAccessTime": found.get("LastAccessTime"),
        "TableType": found.get("TableType"),
        "Columns": [_column(column) for column in storage.get("Columns") or []],
        "PartitionKeys": [_column(key) for key in found.get("PartitionKeys") or []],
        "Parameters": {k: v for k, v in parameters.items() if v is not None},
    }
    return {name: value for name, value in document.items() if value is not None}


def _column(found: Request) -> Request:
    return {name: found[name] for name in ("Name", "Type", "Comment") if found.get(name)}
