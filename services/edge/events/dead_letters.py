"""What a rule's target did not take, in the dead-letter queue of the target.

LocalStack logs a delivery that fails and forgets it. EventBridge tries again for a day first.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

import logging
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.services.events.utils import to_json_str
from localstack.utils.aws.arns import parse_arn

LOG = logging.getLogger(__name__)
UNKNOWN = "UNKNOWN"


def keep(sender: Any, event: dict[str, Any], error: Exception) -> None:
    """The event as it came, with what became of it in attributes, where there is a queue."""
    queue = (sender.target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        return
    told = {
        "ERROR_CODE": _code(error),
        "ERROR_MESSAGE": str(error) or UNKNOWN,
        "RETRY_ATTEMPTS": "0",
        "RULE_ARN": sender.rule_arn,
        "TARGET_ARN": sender.target["Arn"],
        "TARGET_ID": sender.target["Id"],
    }
    place = parse_arn(queue)
    sqs = connect_to(aws_access_key_id=place["account"], region_name=place["region"]).sqs
    try:
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=place["resource"])["QueueUrl"],
            MessageBody=to_json_str(event),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": text} for name, text in told.items()
            },
        )
    except ClientError as refused:
        LOG.warning("Rule %s: %s did not take %s: %s", sender.rule_name, queue, told, refused)


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__
