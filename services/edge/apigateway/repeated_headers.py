"""A function's event has the last value of a header that was sent more than once.

LocalStack 4.9.2 takes the first (apigateway/next_gen/execute_api/integrations/aws.py).
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

from typing import Any

from localstack.services.apigateway.next_gen.execute_api.integrations.aws import (
    RestApiAwsProxyIntegration,
)


def mend() -> None:
    create = RestApiAwsProxyIntegration.create_lambda_input_event

    def create_lambda_input_event(self: Any, context: Any) -> Any:
        event = create(self, context)
        values = event["multiValueHeaders"]
        event["headers"] = {name: sent[-1] for name, sent in values.items()}
        return event

    RestApiAwsProxyIntegration.create_lambda_input_event = create_lambda_input_event
