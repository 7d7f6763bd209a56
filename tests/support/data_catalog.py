"""Definitions of tables and partitions for the tests of the Data Catalog."""

from __future__ import annotations

from typing import Any

ACCOUNT = "000000000000"
SCOPE = "test/20260101/us-east-1/glue/aws4_request"
COLUMNS = [{"Name": "id", "Type": "bigint"}, {"Name": "name", "Type": "string"}]
KEYS = [{"Name": "year", "Type": "int"}, {"Name": "place", "Type": "string"}]


def definition(name: str, **changes: Any) -> dict[str, Any]:
    storage = {"Columns": COLUMNS, "Location": f"s3://bucket/{name}/"}
    return {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage, **changes}


def partition(*values: str, **changes: Any) -> dict[str, Any]:
    location = "/".join(("s3://bucket/t", *values))
    return {
        "Values": list(values),
        "StorageDescriptor": {"Columns": COLUMNS, "Location": location},
        **changes,
    }


def values_of(answer: dict[str, Any]) -> list[list[str]]:
    return [found["Values"] for found in answer["Partitions"]]
