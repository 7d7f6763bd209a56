"""What a REST API refuses before any method is looked at: a body over 10 MB, a stage there is not.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from __future__ import annotations

from typing import Any

from localstack.http import Response
from localstack.services.apigateway.models import apigateway_stores
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    RequestTooLargeError,
)
from localstack.services.apigateway.next_gen.execute_api.router import ApiGatewayEndpoint
from localstack.utils.patch import patch

PAYLOAD_BYTES = 10 * 2**20
TOO_LONG = "Request Too Long"


def apply() -> None:
    @patch(RestApiGateway.__init__)
    def initialise(initialise: Any, self: Any) -> None:
        initialise(self)
        # After the request is parsed: gateway responses need its context.
        self.request_handlers.insert(1, refuse_large_body)

    @patch(ApiGatewayEndpoint.create_not_found_response)
    def create_not_found_response(create: Any, _self: Any, api_id: str) -> Any:
        return forbidden() if _exists(api_id) else create(api_id)


def refuse_large_body(_chain: Any, context: Any, _response: Any) -> None:
    if len(context.invocation_request["body"]) > PAYLOAD_BYTES:
        raise RequestTooLargeError(TOO_LONG)


def forbidden() -> Any:
    """What API Gateway answers where an API has no such stage."""
    response = Response(status=403, headers={"x-amzn-ErrorType": "ForbiddenException"})
    response.set_json({"message": "Forbidden"})
    return response


def _exists(api_id: str) -> bool:
    return any(
        api_id in store.rest_apis
        for regions in list(apigateway_stores.values())
        for store in list(regions.values())
    )
