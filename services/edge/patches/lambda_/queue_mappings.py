"""Event source mappings of queues: at once, and with the text of a message as it was sent.

LocalStack (lambda_/event_source_mapping/pollers/sqs_poller.py) asks an empty queue every ten
seconds, and writes a body that is JSON anew; the checksum beside it is then wrong.
"""

from __future__ import annotations

from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.aws.arns import parse_arn
from localstack.utils.patch import Patch, patch

from services.edge.served_calls.gate import not_implemented

WAIT_SECONDS = 5  # how long a mapping that is disabled or deleted may still ask
TEXT = "_text"


def apply() -> None:
    transform = sqs_poller.transform_into_events

    def transform_into_events(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**event, TEXT: event["body"]} for event in transform(messages)]

    Patch(sqs_poller, "transform_into_events", transform_into_events).apply()

    @patch(sqs_poller.SqsPoller.filter_events)
    def filter_events(chosen: Any, self: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        matching = chosen(self, events)
        for event in matching:
            event["body"] = event.pop(TEXT)
        return list(matching)

    @patch(sqs_poller.SqsPoller._register_client_hooks)
    def _register_client_hooks(register: Any, self: Any) -> None:
        register(self)
        self.source_client.meta.events.register(
            "provide-client-params.sqs.ReceiveMessage", _wait_for_messages
        )

    @patch(LambdaProvider.create_event_source_mapping)
    def create_event_source_mapping(create: Any, self: Any, context: Any, request: Any) -> Any:
        source = request.get("EventSourceArn", "")
        if source.startswith("arn:") and (kind := parse_arn(source)["service"]) != "sqs":
            raise not_implemented("lambda", f"CreateEventSourceMapping from {kind}")
        return create(self, context, request)


def _wait_for_messages(params: dict[str, Any], **_: Any) -> None:
    params["WaitTimeSeconds"] = params.get("WaitTimeSeconds") or WAIT_SECONDS
