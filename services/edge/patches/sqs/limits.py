"""SQS's limits, which LocalStack's queues do not know (services/sqs/models.py, provider.py).

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""

from __future__ import annotations

import json
from typing import Any

from localstack.aws.api.sqs import InvalidAttributeValue
from localstack.services.sqs.exceptions import InvalidParameterValueException
from localstack.services.sqs.models import FifoQueue, SqsQueue, StandardQueue, sqs_stores
from localstack.utils.aws.arns import parse_arn
from localstack.utils.patch import patch

LONGEST_DELAY, LONGEST_VISIBILITY = 900, 43_200  # seconds
RANGES = {
    "DelaySeconds": (0, LONGEST_DELAY),
    "MaximumMessageSize": (1024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, LONGEST_VISIBILITY),
}


def apply() -> None:
    for kind in (StandardQueue, FifoQueue):
        _limit(kind)

    @patch(SqsQueue.update_visibility_timeout)
    def update_visibility_timeout(
        update: Any, self: Any, receipt_handle: str, visibility_timeout: int
    ) -> None:
        _refuse_visibility(visibility_timeout)
        update(self, receipt_handle, visibility_timeout)


def _limit(kind: Any) -> None:
    @patch(kind.validate_queue_attributes)
    def validate_queue_attributes(validate: Any, self: Any, attributes: dict[str, str]) -> None:
        validate(self, attributes)
        for name, (least, most) in RANGES.items():
            given = attributes.get(name)
            if given is not None and not _is_within(given, least, most):
                raise InvalidAttributeValue(f"Invalid value for the parameter {name}.")
        if policy := attributes.get("RedrivePolicy"):
            _refuse_redrive(self, policy)

    @patch(kind.put)
    def put(put: Any, self: Any, *given: Any, **named: Any) -> Any:
        delay = named.get("delay_seconds")
        if delay is not None and not 0 <= delay <= LONGEST_DELAY:
            told = f"DelaySeconds must be >= 0 and <= {LONGEST_DELAY}."
            raise _invalid(delay, "DelaySeconds", told)
        return put(self, *given, **named)

    @patch(kind.receive)
    def receive(receive: Any, self: Any, *given: Any, **named: Any) -> Any:
        asked = dict(zip(("num", "wait", "visibility_timeout"), given, strict=False)) | named
        if asked.get("visibility_timeout") is not None:
            _refuse_visibility(asked["visibility_timeout"])
        return receive(self, *given, **named)


def _refuse_visibility(seconds: int) -> None:
    if not 0 <= seconds <= LONGEST_VISIBILITY:
        told = f"Must be between 0 and {LONGEST_VISIBILITY}, if provided."
        raise _invalid(seconds, "VisibilityTimeout", told)


def _refuse_redrive(queue: Any, policy: str) -> None:
    try:
        target = json.loads(policy)["deadLetterTargetArn"]
        count = int(json.loads(policy)["maxReceiveCount"])
        place = parse_arn(target)
    except (ValueError, KeyError, TypeError) as error:
        raise _invalid(policy, "RedrivePolicy", f"{error!r}.") from error
    if not 1 <= count <= 1000:
        told = f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both"
        raise _invalid(policy, "RedrivePolicy", f"{told} inclusive.")
    found = sqs_stores[place["account"]][place["region"]].queues.get(place["resource"])
    if found is None:
        raise _invalid(policy, "RedrivePolicy", "Dead letter target does not exist.")
    if type(found) is not type(queue):
        told = "Dead-letter queue must be same type of queue as the source."
        raise _invalid(policy, "RedrivePolicy", told)


def _is_within(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and least <= int(text) <= most


def _invalid(value: Any, name: str, reason: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(
        f"Value {value} for parameter {name} is invalid. Reason: {reason}"
    )
