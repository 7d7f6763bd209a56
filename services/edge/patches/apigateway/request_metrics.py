"""CloudWatch's counts of requests of a deployed stage, which LocalStack does not keep.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
"""

from __future__ import annotations

from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.utils.patch import patch

from services.edge.cloudwatch.service_metrics import METRICS, Source


def apply() -> None:
    @patch(RestApiGateway.__init__)
    def initialise(initialise: Any, self: Any) -> None:
        initialise(self)
        self.response_handlers.append(_count)


def _count(_chain: Any, context: Any, response: Any) -> None:
    kind = response.status_code // 100
    values = {"Count": 1.0, "4XXError": float(kind == 4), "5XXError": float(kind == 5)}
    name = context.deployment.rest_api.rest_api["name"]
    for dimensions in (
        (("ApiName", name),),
        (("ApiName", name), ("Stage", context.stage)),
    ):
        place = context.deployment.account_id, context.deployment.region
        METRICS.add(Source(*place, "AWS/ApiGateway", dimensions), **values)
