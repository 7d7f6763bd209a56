"""GetQueryResults and GetQueryRuntimeStatistics."""

from __future__ import annotations

from botocore.exceptions import ClientError
from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to

from services.edge.athena import executions, result_pages
from services.edge.athena.api.account import Operations, Request
from services.edge.athena.documents import Execution
from services.edge.athena.errors import invalid, require_range
from services.edge.athena.sql.column_info import ColumnInfo, column_info
from services.edge.athena.sql.trino.types import BIGINT
from services.edge.aws.operation import operation

MOST_ROWS = 1000


class ResultOperations(Operations):
    @operation("GetQueryResults")
    def get_query_results(self, context: RequestContext, request: Request) -> Request:
        size = MOST_ROWS if request.get("MaxResults") is None else request["MaxResults"]
        require_range("MaxResults", size, 1, MOST_ROWS)
        if (request.get("QueryResultType") or "DATA_ROWS") != "DATA_ROWS":
            raise invalid("QueryResultType DATA_MANIFEST is not available here")
        execution = self._execution(context, request["QueryExecutionId"])
        _check_ended(execution)
        start = result_pages.offset(request.get("NextToken"), execution["QueryExecutionId"])
        result = execution["_result"]
        columns = result.get("columns")
        if columns is None:  # a statement without rows: how many were written is all there is
            written = result.get("written")
            columns = [column_info("rows", BIGINT)] if written is not None else []
            return _answer([], columns, written or 0)
        rows, following = _rows(execution, start, size)
        answer = _answer(rows, columns, 0)
        if following is not None:
            answer["NextToken"] = result_pages.token(execution["QueryExecutionId"], following)
        return answer

    @operation("GetQueryRuntimeStatistics")
    def get_query_runtime_statistics(self, context: RequestContext, request: Request) -> Request:
        execution = self._execution(context, request["QueryExecutionId"])
        _check_has_ended(execution)
        statistics = execution["Statistics"]
        timeline = {k: v for k, v in statistics.items() if k.endswith("TimeInMillis")}
        rows: Request = {"InputBytes": statistics.get("DataScannedInBytes", 0)}
        if "_rows" in statistics:
            rows["OutputRows"] = statistics["_rows"]
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": rows}}


def _check_has_ended(execution: Execution) -> None:
    state = execution["Status"]["State"]
    if state in executions.ACTIVE:
        raise invalid(f"Query has not yet finished. Current state: {state}")


def _check_ended(execution: Execution) -> None:
    _check_has_ended(execution)
    state = execution["Status"]["State"]
    if state != "SUCCEEDED":
        raise invalid(f"Query did not finish successfully. Final query state: {state}")


def _rows(execution: Execution, start: int, size: int) -> tuple[list[Request], int | None]:
    location = execution["ResultConfiguration"]["OutputLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    s3 = connect_to().s3

    def read(offset: int, length: int) -> bytes:
        wanted = f"bytes={offset}-{offset + length - 1}"
        try:
            return bytes(s3.get_object(Bucket=bucket, Key=key, Range=wanted)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in ("InvalidRange", "416"):
                return b""
            raise invalid(f"Could not find results at {location}") from error

    return result_pages.rows(read, start, size, location.endswith(".csv"))


def _answer(rows: list[Request], columns: list[ColumnInfo], count: int) -> Request:
    result = {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}}
    return {"UpdateCount": count, "ResultSet": result}
