"""Where a queue of LocalStack changes, so do its rows (localstack/services/sqs/models.py)."""

from __future__ import annotations

from typing import Any

from localstack.services.sqs.models import FifoQueue, SqsQueue, StandardQueue
from localstack.services.sqs.provider import SqsProvider
from localstack.utils.patch import patch

SOURCE = "DeadLetterQueueSourceArn"


def apply(messages: Any) -> None:
    """`messages` are the rows, see `queues.Messages`."""
    for kind in (StandardQueue, FifoQueue):
        _store_changes(kind, messages)

    @patch(SqsQueue.update_visibility_timeout)
    def update_visibility_timeout(update: Any, self: Any, handle: str, seconds: int) -> None:
        update(self, handle, seconds)
        if (message := self.receipts.get(handle)) is not None:
            messages.keep(self.arn, [message])

    expired_of = SqsQueue.remove_expired_messages_from_heap

    def remove_expired_messages_from_heap(heap: list[Any], seconds: int) -> list[Any]:
        expired = expired_of(heap, seconds)
        for message in expired:
            messages.forget_expired(message.message_id)
        return list(expired)

    SqsQueue.remove_expired_messages_from_heap = staticmethod(remove_expired_messages_from_heap)

    @patch(SqsProvider.delete_queue)
    def delete_queue(delete: Any, self: Any, context: Any, queue_url: str, **rest: Any) -> None:
        arn = self._resolve_queue(context, queue_url=queue_url).arn
        delete(self, context, queue_url, **rest)
        messages.forget_all(arn)


def _store_changes(kind: Any, messages: Any) -> None:
    @patch(kind._put_message)
    def _put_message(put: Any, self: Any, message: Any) -> None:
        """Also where a message becomes visible again."""
        messages.keep(self.arn, [message])
        put(self, message)

    @patch(kind.put)
    def put(put: Any, self: Any, *given: Any, **named: Any) -> Any:
        sent = put(self, *given, **named)
        if sent in self.delayed:
            messages.keep(self.arn, [sent])
        identifier = sent.message_deduplication_id
        if kind is FifoQueue and self.deduplication.get(identifier) is sent:
            messages.keep_duplicate(self.arn, identifier, sent)
        source = sent.dead_letter_queue_source_arn
        if source is not None and source != self.arn:  # it has come here from there
            messages.forget(source, sent.message_id)
        return sent

    @patch(kind.receive)
    def receive(receive: Any, self: Any, *given: Any, **named: Any) -> Any:
        result = receive(self, *given, **named)
        messages.keep(self.arn, result.successful)
        return result

    @patch(kind._on_remove_message)
    def _on_remove_message(remove: Any, self: Any, message: Any) -> None:
        messages.forget(self.arn, message.message_id)
        remove(self, message)

    @patch(kind.clear)
    def clear(clear: Any, self: Any) -> None:
        clear(self)
        messages.forget_all(self.arn)
