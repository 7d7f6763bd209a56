"""A second door to deployed REST APIs: by their path they are known before LocalStack's chain.

The chain first asks whether a call is S3's, one of LocalStack's own pages, or on another of its
routes. What has the path of a deployed stage goes to the same handler as by those routes
(localstack/services/apigateway/next_gen/execute_api/router.py); all else goes the whole way.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from localstack.aws import handlers
from localstack.runtime import get_current_runtime
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils.bootstrap import is_api_enabled

from services.edge.http.whole_bodies import read_whole

DEPLOYED = re.compile(r"/_aws/execute-api/(?P<api>[A-Za-z0-9]+)/(?P<stage>[A-Za-z0-9_-]+)/[^?]")


def mend() -> None:
    """Right behind the handler that lets nothing begin while the edge stops."""
    if is_api_enabled("apigateway"):
        chain = get_current_runtime().components.gateway.request_handlers
        chain.insert(chain.index(handlers.handle_runtime_shutdown) + 1, answer_at_once)


def answer_at_once(chain: Any, context: Any, response: Any) -> None:
    """A handler of LocalStack's chain: ends it for a deployed stage, else leaves all to it."""
    found = DEPLOYED.match(context.request.environ.get("RAW_URI", ""))
    if found is None:
        return
    place = {"api_id": found["api"].lower(), "stage": found["stage"]}
    if not _endpoint().is_rest_api(**place):
        return
    read_whole(chain, context, response)
    if not chain.stopped:
        response.update_from(_endpoint()(context.request, **place))
        handlers.run_custom_response_handlers(chain, context, response)
        chain.terminate()  # the other handlers of answers add nothing to those of an API


@cache
def _endpoint() -> Any:
    return SERVICE_PLUGINS.require("apigateway")._provider.router.handler
