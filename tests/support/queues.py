"""SQS queues of a name of their own, and what comes out of them."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any


class Queue:
    """A queue and its client; `attributes` are of CreateQueue."""

    def __init__(self, stack: Any, suffix: str = "", **attributes: str) -> None:
        self.client = stack.client("sqs")
        self.name = f"queue-{uuid.uuid4().hex[:8]}{suffix}"
        made = self.client.create_queue(QueueName=self.name, Attributes=attributes)
        self.url = {"QueueUrl": made["QueueUrl"]}
        self.arn = f"arn:aws:sqs:us-east-1:000000000000:{self.name}"

    def send(self, body: str, **request: Any) -> str:
        return self.client.send_message(**self.url, MessageBody=body, **request)["MessageId"]

    def receive(self, seconds: int = 10, **request: Any) -> list[dict[str, Any]]:
        answer = self.client.receive_message(**self.url, WaitTimeSeconds=seconds, **request)
        return answer.get("Messages", [])

    def taken(self, count: int = 1) -> list[str]:
        """The bodies of so many messages, which are then deleted."""
        bodies: list[str] = []
        deadline = time.monotonic() + 30
        while len(bodies) < count:
            assert time.monotonic() < deadline, f"expected {count} messages, found {bodies}"
            for one in self.receive(MaxNumberOfMessages=min(10, count - len(bodies))):
                bodies.append(one["Body"])
                self.delete(one)
        return bodies

    def delete(self, message: dict[str, Any]) -> None:
        self.client.delete_message(**self.url, ReceiptHandle=message["ReceiptHandle"])


def fifo(stack: Any, **attributes: str) -> Queue:
    given = {"FifoQueue": "true", "ContentBasedDeduplication": "true", **attributes}
    return Queue(stack, ".fifo", **given)


def redrive(to: Queue, after: int) -> str:
    return json.dumps({"deadLetterTargetArn": to.arn, "maxReceiveCount": after})
