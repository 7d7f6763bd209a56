"""Pages of the List operations."""

from __future__ import annotations

from typing import Any

from services.edge.codepipeline.errors import PipelineError, validation


def page(
    request: dict[str, Any], name: str, documents: list[dict[str, Any]], largest: int
) -> dict[str, Any]:
    """At most `maxResults` documents, and the token of those that follow."""
    size = int(request.get("maxResults") or largest)
    if not 1 <= size <= largest:
        raise validation(f"Expected maxResults from 1 to {largest}, found {size}")
    token = request.get("nextToken") or "0"
    if not token.isdecimal() or int(token) > len(documents):
        raise PipelineError(
            "InvalidNextTokenException", f"Expected a nextToken of this operation, found {token}"
        )
    start = int(token)
    answer: dict[str, Any] = {name: documents[start : start + size]}
    if start + size < len(documents):
        answer["nextToken"] = str(start + size)
    return answer
