"""Pages of the list operations that have all their answers at hand."""

from __future__ import annotations

from typing import Any

from services.edge.glue import errors

PAGE = 1000
Page = dict[str, Any]


def page(request: Page, field: str, found: list[Any], limit: int = PAGE) -> Page:
    """At most `MaxResults` of what was found, and the token of what follows."""
    start, size = position(request), page_size(request, limit)
    answer: Page = {field: found[start : start + size]}
    return {**answer, "NextToken": str(start + size)} if start + size < len(found) else answer


def position(request: dict[str, Any]) -> int:
    token = request.get("NextToken") or "0"
    if not (token.isascii() and token.isdecimal()):
        raise errors.invalid_input(f"NextToken {token!r} was not given by this operation.")
    return int(token)


def page_size(request: dict[str, Any], limit: int = PAGE) -> int:
    size = request.get("MaxResults")
    if size is None:
        return limit
    if not 1 <= size <= limit:
        raise errors.invalid_input(f"MaxResults must be from 1 to {limit}, found {size}.")
    return int(size)
