"""Make the stack as it was planned, and bring the code and jars where the jobs read them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from aws_bootstrap import plan as plans

STACK_TYPE = "AWS::CloudFormation::Stack"
POLL_SECONDS, SECONDS = 0.3, 1800.0
Say = Callable[[str], None]
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class ApplyError(Exception):
    """The stack did not become what was planned; the message holds CloudFormation's reasons."""


def execute(cloudformation: Any, plan: plans.Plan) -> set[str]:
    """Begin to execute the change set; the ids of the stack's events of before, for `follow`."""
    seen = {event["EventId"] for event in _events(cloudformation, plan.stack)}
    cloudformation.execute_change_set(ChangeSetName=plan.change_set)
    return seen


def follow(cloudformation: Any, stack: str, seen: set[str], say: Say | None = None) -> None:
    """Wait until the stack has ended what it goes through; `say` is given a line per new event."""
    deadline, said = time.monotonic() + SECONDS, set(seen)
    while (status := _status(cloudformation, stack)).endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise ApplyError(f"Stack {stack} is still {status} after {SECONDS:.0f} s")
        if say:
            said = _say_new(cloudformation, stack, said, say)
        time.sleep(POLL_SECONDS)
    if say:
        _say_new(cloudformation, stack, said, say)
    if status not in DONE:
        new = [event for event in _events(cloudformation, stack) if event["EventId"] not in seen]
        raise ApplyError("\n".join([f"Stack {stack} is {status}:", *reasons(new)]))


def _say_new(cloudformation: Any, stack: str, said: set[str], say: Say) -> set[str]:
    events = _events(cloudformation, stack)
    for event in reversed(events):
        if event["EventId"] not in said:
            say(f"  {event['ResourceStatus']:<28} {event['LogicalResourceId']}")
    return said | {event["EventId"] for event in events}


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
