"""Lambda proxy integrations of REST APIs: bodies as text or base64, and answers that are refused.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
Mends RestApiAwsProxyIntegration
(localstack/services/apigateway/next_gen/execute_api/integrations/aws.py).
"""

from __future__ import annotations

import base64
import json
from typing import Any

from botocore.exceptions import ClientError
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    IntegrationFailureError,
    InternalServerError,
    RequestTooLargeError,
)
from localstack.services.apigateway.next_gen.execute_api.integrations.aws import (
    RestApiAwsProxyIntegration,
)
from localstack.utils.patch import patch

from services.edge.patches.apigateway.gateway import TOO_LONG
from services.edge.patches.apigateway.media_types import body_is_binary

STATUS_CODES = range(100, 600)


def apply() -> None:
    @patch(RestApiAwsProxyIntegration.create_lambda_input_event)
    def create_lambda_input_event(create: Any, self: Any, context: Any) -> Any:
        """Base64 where the API says binary, else text; LocalStack looks at the bytes instead.

        Of a header that was sent more than once the last value, where LocalStack takes the first.
        """
        event = create(self, context)
        values = event["multiValueHeaders"]
        event["headers"] = {name: sent[-1] for name, sent in values.items()}
        body: bytes = context.integration_request["body"]
        is_binary = bool(body) and body_is_binary(context)
        event["isBase64Encoded"] = is_binary
        event["body"] = as_base64(body) if is_binary else body.decode(errors="replace") or None
        return event

    @patch(RestApiAwsProxyIntegration.invoke)
    def invoke(invoke: Any, self: Any, context: Any) -> Any:
        """413 instead of 502 where the event is larger than Lambda takes."""
        try:
            return invoke(self, context)
        except IntegrationFailureError as failed:
            if _error_code(failed.__cause__) == "RequestTooLargeException":
                raise RequestTooLargeError(TOO_LONG) from failed
            raise

    @patch(RestApiAwsProxyIntegration.parse_lambda_response)
    def parse_lambda_response(parse: Any, self: Any, payload: bytes) -> Any:
        """502 for every malformed answer; LocalStack lets some through and stumbles over others."""
        if not is_well_formed(payload):
            raise InternalServerError("Internal server error", status_code=502)
        return parse(self, payload)


def is_well_formed(payload: bytes) -> bool:
    """Whether a function's answer is an object whose parts have the documented types."""
    try:
        answer = json.loads(payload)
        status = int(answer.get("statusCode", 200))
    except (ValueError, TypeError, AttributeError):
        return False
    return (
        status in STATUS_CODES
        and isinstance(answer.get("body"), str | None)
        and isinstance(answer.get("isBase64Encoded"), bool | None)
    )


def as_base64(body: bytes) -> str:
    return base64.b64encode(body).decode("ascii")


def _error_code(error: BaseException | None) -> str | None:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else None
