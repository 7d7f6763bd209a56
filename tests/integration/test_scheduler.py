"""EventBridge Scheduler: schedules fire, once each, and tell what they could not reach."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.queues import Queue
from tests.support.stacks import TestStack

ROLE = "arn:aws:iam::000000000000:role/any"
OFF = {"Mode": "OFF"}


def in_seconds(count: int) -> str:
    return f"at({(datetime.now(UTC) + timedelta(seconds=count)).strftime('%Y-%m-%dT%H:%M:%S')})"


def created(edge: Any, expression: str, target: dict[str, Any], **settings: Any) -> str:
    name = f"schedule-{uuid.uuid4().hex[:8]}"
    edge.client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow=OFF,
        Target={"RoleArn": ROLE, **target}, **settings,
    )  # fmt: skip
    return name


def test_a_rate_calls_its_target_at_once_and_a_moment_when_it_comes(edge):
    scheduler, rated, once = edge.client("scheduler"), Queue(edge), Queue(edge)
    told = '{"by": "<aws.scheduler.schedule-arn>", "try": "<aws.scheduler.attempt-number>"}'
    name = created(edge, "rate(1 hour)", {"Arn": rated.arn, "Input": told})
    request = {"QueueUrl": once.url["QueueUrl"], "MessageBody": "once"}
    universal = {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": json.dumps(request)}
    gone = created(edge, in_seconds(2), universal, ActionAfterCompletion="DELETE")

    arn = f"arn:aws:scheduler:us-east-1:000000000000:schedule/default/{name}"
    assert json.loads(rated.taken()[0]) == {"by": arn, "try": "1"}
    assert once.taken() == ["once"]
    with pytest.raises(ClientError, match=f"Schedule {gone} does not exist"):
        scheduler.get_schedule(Name=gone)
    assert scheduler.get_schedule(Name=name)["State"] == "ENABLED"
    assert rated.receive(seconds=0) == once.receive(seconds=0) == []
    scheduler.delete_schedule(Name=name)


def test_what_cannot_be_reached_is_told_to_the_dead_letter_queue(edge):
    dead = Queue(edge)
    absent = "arn:aws:sqs:us-east-1:000000000000:no-such-queue"
    target = {"Arn": absent, "Input": "lost?", "DeadLetterConfig": {"Arn": dead.arn}}
    name = created(edge, "rate(1 day)", target)
    (message,) = dead.receive(seconds=20, MessageAttributeNames=["All"])
    told = {key: one["StringValue"] for key, one in message["MessageAttributes"].items()}
    assert (message["Body"], told["TARGET_ARN"], told["RETRY_ATTEMPTS"]) == ("lost?", absent, "0")
    assert told["ERROR_CODE"] == "AWS.SimpleQueueService.NonExistentQueue"
    edge.client("scheduler").delete_schedule(Name=name)


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"ScheduleExpression": "cron(nope)"}, "ValidationException", "cron(nope)"),
        ({"ScheduleExpressionTimezone": "Mars/X"}, "ValidationException", "Mars/X"),
        ({"GroupName": "absent"}, "ResourceNotFoundException", "absent"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "ValidationException", "MaximumWindow"),
        (
            {"Target": {"RoleArn": ROLE, "Arn": "arn:aws:ecs:us-east-1:000000000000:cluster/c"}},
            "NotImplemented",
            "a target of ecs",
        ),
    ],
)
def test_a_schedule_that_would_never_fire_is_refused(edge, settings, code, words):
    queue = "arn:aws:sqs:us-east-1:000000000000:q"
    asked = {
        "Name": "refused", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": OFF,
        "Target": {"RoleArn": ROLE, "Arn": queue}, **settings,
    }  # fmt: skip
    with pytest.raises(ClientError) as refused:
        edge.client("scheduler").create_schedule(**asked)
    error = refused.value.response["Error"]
    assert error["Code"] == code and words in error["Message"]


def test_a_template_makes_changes_and_deletes_a_schedule_in_a_group(edge):
    scheduler, queue, stack = edge.client("scheduler"), Queue(edge), TestStack(edge)

    def template(expression: str, state: str) -> dict[str, Any]:
        return {
            "Resources": {
                "Group": {"Type": "AWS::Scheduler::ScheduleGroup"},
                "Schedule": {
                    "Type": "AWS::Scheduler::Schedule",
                    "Properties": {
                        "GroupName": {"Ref": "Group"}, "ScheduleExpression": expression,
                        "ScheduleExpressionTimezone": "Europe/Berlin", "State": state,
                        "FlexibleTimeWindow": OFF,
                        "Target": {"Arn": queue.arn, "RoleArn": ROLE, "Input": "fired"},
                    },
                },
            },
            "Outputs": {name: {"Value": {"Ref": name}} for name in ("Group", "Schedule")},
        }  # fmt: skip

    assert stack.create(template("cron(0 3 * * ? *)", "DISABLED")) == "CREATE_COMPLETE"
    made = stack.outputs()
    place = {"Name": made["Schedule"], "GroupName": made["Group"]}
    assert scheduler.get_schedule(**place)["State"] == "DISABLED"
    assert stack.update(template("rate(1 day)", "ENABLED")) == "UPDATE_COMPLETE", stack.failures()
    assert queue.taken() == ["fired"]
    listed = scheduler.list_schedules(GroupName=made["Group"])["Schedules"]
    assert [(one["Name"], one["Target"]) for one in listed] == [
        (made["Schedule"], {"Arn": queue.arn})
    ]
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        scheduler.get_schedule_group(Name=made["Group"])
