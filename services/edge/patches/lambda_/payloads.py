"""How large and of what kind the payloads of a Lambda function may be.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LocalStack's LambdaService (localstack/services/lambda_/invocation/lambda_service.py) passes all.
"""

from __future__ import annotations

import json
from typing import Any

from localstack.aws.api.lambda_ import (
    InvalidRequestContentException,
    InvocationType,
    RequestTooLargeException,
)
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.utils.patch import patch

from services.edge.lambda_process.runtime_api import Answer

REQUEST_BYTES = {InvocationType.RequestResponse: 6 * 2**20, InvocationType.Event: 2**20}
RESPONSE_BYTES = 6 * 2**20 + 100  # the number that AWS's own error names


def apply() -> None:
    @patch(LambdaService.invoke)
    def invoke(invoke: Any, self: Any, *, payload: bytes | None, **asked: Any) -> Any:
        check(payload, asked["invocation_type"] or InvocationType.RequestResponse)
        return invoke(self, payload=payload or None, **asked)


def check(payload: bytes | None, invocation_type: str) -> None:
    """Raises AWS's error where a request's payload is too large or not JSON."""
    if not payload:
        return
    limit = REQUEST_BYTES.get(invocation_type)
    if limit is not None and len(payload) > limit:
        raise RequestTooLargeException(
            f"{len(payload)} byte payload is too large for the {invocation_type} invocation type"
            f" (limit {limit} bytes)",
            Type="User",
        )
    try:
        json.loads(payload, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestContentException(
            f"Could not parse request body into json: Could not parse payload into json: {error}",
            Type="User",
        ) from error


def within_limit(answer: Answer) -> Answer:
    """The function's answer, or AWS's error in its place where it is too large."""
    if len(answer.payload) <= RESPONSE_BYTES:
        return answer
    document = {
        "errorMessage": f"Response payload size ({len(answer.payload)} bytes) exceeded maximum"
        f" allowed payload size ({RESPONSE_BYTES} bytes).",
        "errorType": "Function.ResponseSizeTooLarge",
    }
    return Answer(answer.request_id, json.dumps(document).encode(), is_error=True)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
