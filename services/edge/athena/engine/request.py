"""What the control plane sends to a worker, and what the worker answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

from services.edge.athena.sql.column_info import ColumnInfo
from services.edge.athena.sql.statements.statement import Statement


@dataclass(frozen=True)
class QueryRequest:
    """A parsed statement, and where its tables and its result are. Crosses by pickle."""

    id: str
    statement: Statement
    database: str
    location: str  # of the result file; of a CTAS, of the table
    manifest: str  # where the names of written files go
    endpoint: str
    region: str
    account: str
    scan_limit: int | None  # bytes


class Result(TypedDict, total=False):
    """`columns` where there are rows or lines, `written` where rows went to a table or folder."""

    columns: list[ColumnInfo]
    written: int


class Statistics(TypedDict, total=False):
    """Milliseconds, bytes, and how many rows were answered or written."""

    DataScannedInBytes: int
    QueryPlanningTimeInMillis: int
    EngineExecutionTimeInMillis: int
    ServiceProcessingTimeInMillis: int
    DataManifestLocation: str
    _rows: int


class Answer(TypedDict):
    """`category` is AthenaError.ErrorCategory; a scan beyond its limit is `cancelled`."""

    state: Literal["SUCCEEDED", "FAILED", "CANCELLED"]
    result: NotRequired[Result]
    reason: NotRequired[str]
    category: NotRequired[int]
    cancelled: NotRequired[bool]
    statistics: NotRequired[Statistics]
