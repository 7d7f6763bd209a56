"""Alarms, queues and bucket policies as they are now, for drift detection."""

from __future__ import annotations

import json
from typing import Any

from services.edge.cloudformation.records import Record, inputs

Model = dict[str, Any]


class GoneError(Exception):
    """The resource is not there."""


def alarm(clients: Any, record: Record) -> Model:
    name = record["PhysicalResourceId"]
    found = clients.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    if not found:
        raise GoneError
    return dict(found[0])


def bucket_policy(clients: Any, record: Record) -> Model:
    policy = clients.s3.get_bucket_policy(Bucket=inputs(record)["Bucket"])["Policy"]
    return {"PolicyDocument": json.loads(policy)}


def queue(clients: Any, record: Record) -> Model:
    asked = {"QueueUrl": record["PhysicalResourceId"], "AttributeNames": ["All"]}
    return dict(clients.sqs.get_queue_attributes(**asked)["Attributes"])
