"""SNS's deliveries to subscribers: acknowledged with the message, so kept until they are made.

LocalStack hands them to threads only (services/sns/publisher.py).
"""

from __future__ import annotations

from typing import Any

from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.sns.models import sns_stores
from localstack.services.sns.publisher import (
    PublishDispatcher,
    SnsBatchPublishContext,
    SnsPublishContext,
)
from localstack.utils.aws.arns import parse_arn
from localstack.utils.patch import Patch
from werkzeug.datastructures import Headers

from services.edge.outbox.outbox import Outbox


def apply(outbox: Outbox) -> None:
    def submit(self: Any, notifier: Any, context: Any, subscriber: Any) -> None:
        is_batch = isinstance(context, SnsBatchPublishContext)
        messages = context.messages if is_batch else [context.message]
        told = (messages, list(Headers(context.request_headers)), dict(context.topic_attributes))
        number = outbox.put("sns", (is_batch, *told, dict(subscriber)))
        _submit(self, outbox, number, notifier, context, subscriber)

    Patch(PublishDispatcher, "_submit_notification", submit).apply()


def send_again(outbox: Outbox, number: int, item: Any) -> None:
    is_batch, messages, headers, attributes, subscriber = item
    place = parse_arn(subscriber["TopicArn"])
    shared: Any = {
        "store": sns_stores[place["account"]][place["region"]],
        "request_headers": Headers(headers),
        "topic_attributes": attributes,
    }
    dispatcher = SERVICE_PLUGINS.require("sns")._provider._publisher
    if is_batch:
        context: Any = SnsBatchPublishContext(messages=messages, **shared)
        notifier = dispatcher.batch_topic_notifiers[subscriber["Protocol"]]
    else:
        context = SnsPublishContext(message=messages[0], **shared)
        notifier = dispatcher.topic_notifiers[subscriber["Protocol"]]
    _submit(dispatcher, outbox, number, notifier, context, subscriber)


def _submit(
    dispatcher: Any, outbox: Outbox, number: int, notifier: Any, context: Any, subscriber: Any
) -> None:
    def deliver() -> None:
        outbox.deliver(number, lambda: notifier.publish(context=context, subscriber=subscriber))

    if (topic := subscriber["TopicArn"]).endswith(".fifo"):
        dispatcher.topic_partitioned_executor.submit(deliver, topic)
    else:
        dispatcher.executor.submit(deliver)
