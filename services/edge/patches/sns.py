"""SNS refuses a subscriber that nothing here reaches.

LocalStack (services/sns/publisher.py) writes mails and texts for phones into memory and tells that
they were delivered.
"""

from __future__ import annotations

from typing import Any

from localstack.services.sns.provider import SnsProvider
from localstack.utils.patch import patch

from services.edge.served_calls.gate import not_implemented

REACHED = ("http", "https", "lambda", "sqs")


def apply() -> None:
    @patch(SnsProvider.subscribe)
    def subscribe(subscribe: Any, self: Any, context: Any, *given: Any, **named: Any) -> Any:
        protocol = context.service_request.get("Protocol")
        if protocol not in REACHED:
            raise not_implemented("sns", f"Subscribe with Protocol {protocol}")
        return subscribe(self, context, *given, **named)
