"""No line is made of each answer where LS_LOG says that nobody reads it.

LocalStack makes one at level INFO whatever LS_LOG says, and its output throws it away
(localstack/aws/handlers/logging.py and localstack/logging/setup.py).
"""

from __future__ import annotations

import logging

from localstack.aws import handlers
from rolo.gateway import Gateway


def leave_out(gateway: Gateway) -> None:
    if not logging.getLogger("localstack").isEnabledFor(logging.INFO):
        gateway.response_handlers.remove(handlers.log_response)
