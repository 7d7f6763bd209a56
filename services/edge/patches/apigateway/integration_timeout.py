"""An integration that takes longer than its time-out (29 s unless set) is answered 504, as on AWS.

What it called goes on. LocalStack waits for ever.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from functools import partial
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    IntegrationTimeoutError,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import (
    IntegrationHandler,
)
from localstack.utils.patch import patch

from services.edge.apigateway.workers import Workers
from services.edge.http import turns

DEFAULT_MILLISECONDS = 29_000
WORKERS = Workers("integration")


def apply() -> None:
    @patch(IntegrationHandler.__call__)
    def call(call: Any, self: Any, chain: Any, context: Any, response: Any) -> None:
        seconds = int(context.integration.get("timeoutInMillis") or DEFAULT_MILLISECONDS) / 1000
        ended: Future[None] = Future()
        try:
            with turns.given_up():
                WORKERS.run(partial(_run, ended, call, self, chain, context, response))
                ended.result(seconds)
        except Late as late:
            if ended.done():  # the integration's own error
                raise
            raise IntegrationTimeoutError("Endpoint request timed out") from late


def _run(ended: Future[None], call: Any, *arguments: Any) -> None:
    try:
        ended.set_result(call(*arguments))
    except BaseException as error:
        ended.set_exception(error)
