"""EventBridge's target CodePipeline, which LocalStack 4.9.2 lacks (services/events/target.py)."""

from __future__ import annotations

import json
from typing import Any

from localstack.services.events.target import TargetSender, TargetSenderFactory
from localstack.services.plugins import SERVICE_PLUGINS


class CodePipelineTargetSender(TargetSender):
    def send_event(self, event: Any, _: Any) -> None:
        """An input transformer hands over its result as text."""
        if isinstance(event, str):
            event = json.loads(event)
        provider = SERVICE_PLUGINS.require("codepipeline")._provider
        provider.event_starts.start(self.target["Arn"], self.rule_arn, event)


def apply() -> None:
    TargetSenderFactory.register_target_sender("codepipeline", CodePipelineTargetSender)
