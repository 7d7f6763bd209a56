"""Wait states until a timestamp: with an offset, with a fraction, on a machine in any time zone.

LocalStack (state_wait/wait_function/timestamp.py) takes `Z` alone and compares with local time.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.state.state_wait.wait_function.timestamp import (  # noqa: E501
    Timestamp,
)
from localstack.utils.patch import Patch

from services.edge.stepfunctions.language import timestamps


def apply() -> None:
    def _get_wait_seconds(self: Any, env: Any) -> int:
        self.string.eval(env=env)
        text = env.stack.pop()
        until = timestamps.at(text)
        if until is None:
            raise FailureEventException(self._create_failure_event(env, text))
        # What calls this counts whole seconds; never too early.
        return math.ceil((until - datetime.now(UTC)).total_seconds())

    Patch(Timestamp, "_from_timestamp_string", staticmethod(timestamps.at)).apply()
    Patch(Timestamp, "_get_wait_seconds", _get_wait_seconds).apply()
