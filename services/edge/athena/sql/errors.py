"""What is wrong with a query, as Trino says it: code, position, message."""

from __future__ import annotations

# Python has the years 1 to 9999, Trino has more.
FAR_DATES = "A date before year 1 or after year 9999"
SYSTEM, USER = 1, 2  # AthenaError.ErrorCategory
# Line and column in the statement.
Position = tuple[int, int]


class QueryError(Exception):
    """Ends the query as FAILED; `str(error)` is its StateChangeReason."""

    def __init__(
        self,
        code: str,
        message: str,
        position: Position | None = None,
        category: int = USER,
    ) -> None:
        self.code, self.category = code, category
        place = f"line {position[0]}:{position[1]}: " if position else ""
        super().__init__(f"{code}: {place}{message}" if code else f"{place}{message}")


class MalformedQueryError(Exception):
    """Refused when it is sent: StartQueryExecution answers InvalidRequestException."""


def not_supported(what: str, position: Position | None = None) -> QueryError:
    return QueryError("NOT_SUPPORTED", f"{what} is not supported here", position)
