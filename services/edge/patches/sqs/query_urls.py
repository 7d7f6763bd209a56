"""Queue URLs answer before LocalStack's chain: a GET of one must change nothing either.

Mends localstack/services/sqs/query_api.py.
"""

from __future__ import annotations

from typing import Any

from localstack.services.sqs import query_api
from localstack.utils.patch import patch

from services.edge.served_calls import changes_by_get


def apply() -> None:
    @patch(query_api.try_call_sqs)
    def try_call_sqs(call: Any, request: Any, region: str) -> Any:
        action = request.values.get("Action", "")
        if request.method in changes_by_get.SAFE_METHODS and changes_by_get.changes(action):
            raise changes_by_get.refused(action)
        return call(request, region)
