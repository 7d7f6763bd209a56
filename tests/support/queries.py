"""Athena for a test: statements run to their end, rows as lists of texts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.support.errors import refused

ACTIVE = ("QUEUED", "RUNNING")
BUCKET = "athena-lake"
OUTPUT = "s3://athena-results/queries/"


class Queries:
    """One client, one database, one place for the results."""

    def __init__(self, edge: Any, database: str) -> None:
        self.edge, self.database = edge, database
        self.client = edge.client("athena")
        edge.client("s3").create_bucket(Bucket="athena-results")

    def start(self, sql: str, **settings: Any) -> str:
        given = {
            "QueryExecutionContext": {"Database": self.database},
            "ResultConfiguration": {"OutputLocation": OUTPUT},
            **settings,
        }
        return str(self.client.start_query_execution(QueryString=sql, **given)["QueryExecutionId"])

    def get(self, identifier: str) -> dict[str, Any]:
        found = self.client.get_query_execution(QueryExecutionId=identifier)
        execution: dict[str, Any] = found["QueryExecution"]
        return execution

    def end(self, identifier: str, seconds: float = 60) -> dict[str, Any]:
        return self.until(identifier, lambda state: state not in ACTIVE, seconds)

    def until(self, identifier: str, good: Any, seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while not good((execution := self.get(identifier))["Status"]["State"]):
            assert time.monotonic() < deadline, f"still {execution['Status']}"
            time.sleep(0.02)
        return execution

    def run(self, sql: str, **settings: Any) -> dict[str, Any]:
        """The execution, which must have succeeded."""
        execution = self.end(self.start(sql, **settings))
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return execution

    def fails(self, sql: str, **settings: Any) -> str:
        """Why the query has failed."""
        execution = self.end(self.start(sql, **settings))
        assert execution["Status"]["State"] == "FAILED", execution["Status"]
        return str(execution["Status"]["StateChangeReason"])

    def results(self, identifier: str, **page: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get_query_results(QueryExecutionId=identifier, **page)
        return answer

    def rows(self, sql: str, **settings: Any) -> list[list[str | None]]:
        """With the header, where there is one."""
        execution = self.run(sql, **settings)
        found = self.results(execution["QueryExecutionId"])["ResultSet"]["Rows"]
        return [[one.get("VarCharValue") for one in row["Data"]] for row in found]

    def file(self, location: str) -> bytes:
        bucket, _, key = location.removeprefix("s3://").partition("/")
        found = self.edge.client("s3").get_object(Bucket=bucket, Key=key)
        body: bytes = found["Body"].read()
        return body


def storage_options(edge: Any) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": edge.url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }


def invalid(call: Callable[..., Any], **request: Any) -> str:
    """The message with which the request has to be refused as invalid."""
    code, message = refused(call, **request)
    assert code == "InvalidRequestException", message
    return message
