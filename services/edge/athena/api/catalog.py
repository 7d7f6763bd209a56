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
from services.edge.athena.glue_documents import Column, Database, Table
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
            raise _metadata_error(error) from error
        return {"Database": _database(found["Database"])}

    @operation("ListTableMetadata")
    def list_table_metadata(self, context: RequestContext, request: Request) -> Request:
        _check(request)
        wanted: Request = {"DatabaseName": request["DatabaseName"].lower()}
        if request.get("Expression"):
            try:
                re.compile(request["Expression"])
            except re.error as error:
                raise invalid(f"Expression is no regular expression: {error}") from error
            wanted["Expression"] = request["Expression"]
        try:
            pages = _glue(context).get_paginator("get_tables").paginate(**wanted)
            found = [_table(table) for each in pages for table in each["TableList"]]
        except ClientError as error:
            if wanted["DatabaseName"] != DEFAULT or not _is_missing(error):
                raise _metadata_error(error) from error
            found = []
        return PAGING.page(request, "TableMetadataList", found, 50, "Name")

    @operation("GetTableMetadata")
    def get_table_metadata(self, context: RequestContext, request: Request) -> Request:
        _check(request)
        names = request["DatabaseName"].lower(), request["TableName"].lower()
        try:
            found = _glue(context).get_table(DatabaseName=names[0], Name=names[1])
        except ClientError as error:
            raise _metadata_error(error) from error
        return {"TableMetadata": _table(found["Table"])}


def _check(request: Request) -> None:
    if request["CatalogName"].lower() != CATALOG.lower():
        raise invalid(f"Data catalog {request['CatalogName']} was not found")


def _glue(context: RequestContext) -> Any:
    return connect_to(aws_access_key_id=context.account_id, region_name=context.region).glue


def _is_missing(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "EntityNotFoundException")


def _metadata_error(error: ClientError) -> Exception:
    answer = error.response["Error"]
    return metadata(f"{answer['Code']}: {answer['Message']}")


def _database(database: Database) -> Request:
    names = ("Name", "Description", "Parameters")
    return {name: value for name, value in database.items() if name in names and value is not None}


def _table(table: Table) -> Request:
    """A table's metadata; where it is and how it is read are among its parameters."""
    storage = table.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    parameters = {
        **(table.get("Parameters") or {}),
        "location": storage.get("Location"),
        "inputformat": storage.get("InputFormat"),
        "outputformat": storage.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{k}": v for k, v in (serde.get("Parameters") or {}).items()},
    }
    document = {
        "Name": table["Name"],
        "CreateTime": table.get("CreateTime"),
        "LastAccessTime": table.get("LastAccessTime"),
        "TableType": table.get("TableType"),
        "Columns": [_column(column) for column in storage.get("Columns") or []],
        "PartitionKeys": [_column(key) for key in table.get("PartitionKeys") or []],
        "Parameters": {k: v for k, v in parameters.items() if v is not None},
    }
    return {name: value for name, value in document.items() if value is not None}


def _column(column: Column) -> Request:
    names = ("Name", "Type", "Comment")
    return {name: value for name, value in column.items() if name in names and value}
