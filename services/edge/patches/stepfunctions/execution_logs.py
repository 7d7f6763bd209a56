"""An execution's events in CloudWatch Logs, named and shaped as AWS writes them.

Seen in logs of AWS: stream `states/<machine>/2024-04-24-11-50/00000000`, times as texts of epoch
milliseconds, and `redrive_count`. LocalStack (asl/eval/event/logging.py) names the stream by the
machine's ARN.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from localstack.services.stepfunctions.asl.eval.event.logging import (
    CloudWatchLoggingConfiguration,
    CloudWatchLoggingSession,
)
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str
from localstack.utils.patch import Patch, patch


def apply() -> None:
    """Call once, before the first execution."""

    @patch(CloudWatchLoggingSession.__init__)
    def initialise(
        initialise: Any,
        self: Any,
        execution_arn: str,
        configuration: CloudWatchLoggingConfiguration,
    ) -> None:
        own = copy.copy(configuration)
        own.log_stream_name = stream_name(configuration.state_machine_arn, datetime.now(UTC))
        initialise(self, execution_arn=execution_arn, configuration=own)

    def publish_history_log(self: Any, history_log: dict[str, Any]) -> None:
        event = shaped(history_log)
        message = to_json_str(event, separators=(",", ":"))
        log_event = {"timestamp": int(event["event_timestamp"]), "message": message}
        self._publish_history_log_or_setup(log_events=[log_event])

    Patch(CloudWatchLoggingSession, "publish_history_log", publish_history_log).apply()


def stream_name(state_machine_arn: str, started: datetime) -> str:
    name = state_machine_arn.rpartition(":")[2]
    return f"states/{name}/{started:%Y-%m-%d-%H-%M}/00000000"


def shaped(history_log: dict[str, Any]) -> dict[str, Any]:
    milliseconds = int(history_log["event_timestamp"].timestamp() * 1000)
    return {**history_log, "event_timestamp": str(milliseconds), "redrive_count": "0"}
