"""A second door to deployed REST APIs: by their path they are known before LocalStack's chain.

The chain first asks whether a call is S3's, one of LocalStack's own pages, or on another of its
routes. What has the path of a deployed stage goes to the same handler as by those routes
(localstack/services/apigateway/next_gen/execute_api/router.py); all else goes the whole way.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import Any

from localstack.aws import handlers
from localstack.services.plugins import SERVICE_PLUGINS

from services.edge.concurrency import DEPLOYED
from services.edge.http import at_once
from services.edge.http.whole_bodies import read_whole

STAGE = re.compile(r"/_aws/execute-api/(?P<api_id>[A-Za-z0-9]+)/(?P<stage>[A-Za-z0-9_-]+)/[^?]")


def apply() -> None:
    at_once.DOORS.append(at_once.Door(handler_of, DEPLOYED))


def handler_of(_method: str, target: str, _headers: at_once.Fields) -> at_once.Handler | None:
    """What answers a request, where it is plainly for a deployed stage."""
    found = STAGE.match(target)
    if found is None:
        return None
    place = {"api_id": found["api_id"].lower(), "stage": found["stage"]}
    return partial(_answer, place) if _endpoint().is_rest_api(**place) else None


def _answer(place: dict[str, str], chain: Any, context: Any, response: Any) -> None:
    read_whole(chain, context, response)
    if not chain.stopped:
        response.update_from(_endpoint()(context.request, **place))
        handlers.run_custom_response_handlers(chain, context, response)
        chain.terminate()  # the other handlers of answers add nothing to those of an API


@cache
def _endpoint() -> Any:
    return SERVICE_PLUGINS.require("apigateway")._provider.router.handler
