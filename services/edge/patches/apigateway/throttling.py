"""The throttling of a stage's methods: 429 for what is more than rate and burst let in.

LocalStack keeps the settings and lets everything in. Each method has a bucket of its own, also
where the settings are those of all methods.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

import time
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.execute_api.gateway_response import ThrottledError
from localstack.services.apigateway.next_gen.execute_api.handlers import route_request
from localstack.utils.patch import patch

from services.edge.apigateway.token_bucket import TokenBucket

Limits = tuple[float, float]
Method = tuple[str, str, str, str]  # API, stage, path, HTTP method
ANY = "*/*"
_BUCKETS: dict[Method, TokenBucket] = {}


def apply() -> None:
    @patch(RestApiGateway.__init__)
    def initialise(initialise: Any, self: Any) -> None:
        initialise(self)
        after = self.request_handlers.index(route_request) + 1
        self.request_handlers.insert(after, throttle)


def throttle(_chain: Any, context: Any, _response: Any) -> None:
    """Raises TooManyRequestsException; a handler of the API's chain, once its method is known."""
    path = context.resource["path"]
    verb = context.resource_method["httpMethod"]
    found = limits(context.stage_configuration.get("methodSettings") or {}, path, verb)
    if found is None:
        return
    place, now = (context.api_id, context.stage, path, verb), time.monotonic()
    bucket = _BUCKETS.get(place)
    if bucket is None or (bucket.rate, bucket.burst) != found:
        bucket = _BUCKETS[place] = TokenBucket(*found, now)
    if not bucket.takes(now):
        raise ThrottledError("Too Many Requests", status_code=429)


def limits(settings: dict[str, Any], path: str, verb: str) -> Limits | None:
    """Rate and burst of a method: its own, else those of all; None where nothing is set."""
    for key, found in settings.items():
        place, _, method = key.rpartition("/")
        if place.replace("~1", "/").strip("/") == path.strip("/") and method == verb:
            return _limits(found)
    return _limits(settings[ANY]) if ANY in settings else None


def _limits(found: dict[str, Any]) -> Limits | None:
    if "throttlingRateLimit" not in found:
        return None
    return float(found["throttlingRateLimit"]), float(found["throttlingBurstLimit"])
