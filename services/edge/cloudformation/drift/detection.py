"""A stack's resources compared with what is there: what DescribeStackResourceDrifts answers."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to

from services.edge.cloudformation.drift import live
from services.edge.cloudformation.drift.differences import differences
from services.edge.cloudformation.drift.live_messages import GoneError

Model = dict[str, Any]
DRIFTED = ("MODIFIED", "DELETED")


def detected(stack: Any, names: list[str] | None = None) -> Model:
    """A detection as it is kept with the stack; without names, of every resource."""
    clients = connect_to(aws_access_key_id=stack.account_id, region_name=stack.region_name)
    records = dict(stack.resolved_resources or {})
    chosen = records.keys() if names is None else names
    return {
        "id": str(uuid.uuid4()),
        "at": datetime.now(UTC),
        "drifts": [drift(clients, stack.stack_id, records[name]) for name in chosen],
    }


def drift(clients: Any, stack_id: str, record: Model) -> Model:
    """What became of a resource; of a type that is not read, NOT_CHECKED, as on AWS."""
    told: Model = {
        "StackId": stack_id,
        "LogicalResourceId": record["LogicalResourceId"],
        "PhysicalResourceId": record.get("PhysicalResourceId"),
        "ResourceType": record["Type"],
        "Timestamp": datetime.now(UTC),
    }
    if record["Type"] not in live.READERS:
        return {**told, "StackResourceDriftStatus": "NOT_CHECKED"}
    try:
        found = live.actual(clients, record)
    except GoneError:
        return {**told, "StackResourceDriftStatus": "DELETED"}
    wanted = {name: v for name, v in live.expected(record).items() if _is_read(found, name)}
    actual = {name: found.get(name, found.get(_lower(name))) for name in wanted}
    changed = differences(wanted, actual)
    return {
        **told,
        "StackResourceDriftStatus": "MODIFIED" if changed else "IN_SYNC",
        "PropertyDifferences": changed,
        "ExpectedProperties": json.dumps(wanted, default=str),
        "ActualProperties": json.dumps(actual, default=str),
    }


def status(drifts: list[Model]) -> str:
    return "DRIFTED" if drifted(drifts) else "IN_SYNC"


def drifted(drifts: list[Model]) -> list[Model]:
    return [each for each in drifts if each["StackResourceDriftStatus"] in DRIFTED]


def _is_read(found: Model, name: str) -> bool:
    return name in found or _lower(name) in found


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
