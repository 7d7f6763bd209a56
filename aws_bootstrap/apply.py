"""Make the stack as it was planned, and bring the code and jars where the jobs read them."""

from __future__ import annotations

import time
from typing import Any

from aws_bootstrap import plan as plans

STACK_TYPE = "AWS::CloudFormation::Stack"
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class ApplyError(Exception):
    """The stack did not become what was planned; the message holds CloudFormation's reasons."""


def execute(cloudformation: Any, plan: plans.Plan, timeout: float = 1800.0) -> None:
    """Execute the change set and wait until the stack is as planned."""
    seen = {event["EventId"] for event in _events(cloudformation, plan.stack)}
    cloudformation.execute_change_set(ChangeSetName=plan.change_set)
    deadline = time.monotonic() + timeout
    while (status := _status(cloudformation, plan.stack)).endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise ApplyError(f"Stack {plan.stack} is still {status} after {timeout:.0f} s")
        time.sleep(0.3)
    if status not in DONE:
        new = [
            event for event in _events(cloudformation, plan.stack) if event["EventId"] not in seen
        ]
        raise ApplyError("\n".join([f"Stack {plan.stack} is {status}:", *reasons(new)]))


def reasons(events: list[dict[str, Any]]) -> list[str]:
    """One line per resource that failed, the first failure first."""
    failed = [
        event
        for event in events
        if event["ResourceStatus"].endswith("_FAILED") and event["ResourceType"] != STACK_TYPE
    ]
    return [
        f"  {event['LogicalResourceId']} ({event['ResourceType']}):"
        f" {event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(failed)
    ]


def _status(cloudformation: Any, name: str) -> str:
    stack = plans.existing(cloudformation, name)
    if stack is None:
        raise ApplyError(f"Stack {name} was deleted while it was being deployed")
    return str(stack["StackStatus"])


def _events(cloudformation: Any, name: str) -> list[dict[str, Any]]:
    """All events of the stack, newest first, as CloudFormation lists them."""
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    return [event for page in pages for event in page["StackEvents"]]
