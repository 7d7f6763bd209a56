"""Client tokens: a request that is repeated with its token makes nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from services.edge.store.records import Scoped

Document = dict[str, Any]


class ClientTokens:
    """Those of one kind of request in one account and region.

    `field` is the request's member with the token; `conflict` makes the error of a token that
    comes again with another request. A token counts `within` what it names only.
    """

    def __init__(
        self,
        records: Scoped,
        kind: str,
        field: str,
        conflict: Callable[[str], Exception],
        within: str = "",
    ) -> None:
        self._records, self._kind, self._field = records, kind, field
        self._conflict, self._within = conflict, within

    def identifier(self, request: Document) -> str | None:
        """What an earlier request with this token made, or was about to make."""
        token = request.get(self._field)
        known = self._records.get(self._kind, self._within + token) if token else None
        if known is None:
            return None
        if known["digest"] != _digest(request):
            raise self._conflict(f"{self._field} {token} was used before with a different request")
        return str(known["id"])

    def remember(self, request: Document, identifier: str) -> None:
        """Before what has this identifier is stored: a death in between then repeats nothing."""
        if token := request.get(self._field):
            document = {"id": identifier, "digest": _digest(request)}
            self._records.put(self._kind, self._within + token, document)


def _digest(request: Document) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
