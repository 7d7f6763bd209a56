"""What a rule's target gets: the event, or what Input, InputPath or InputTransformer make of it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.support.queues import Queue
from tests.support.state_machines import ROLE, until

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.fixture
def started(edge: Any) -> Any:
    states, events = edge.client("stepfunctions"), edge.client("events")

    def one(**how: Any) -> Any:
        name = f"rule-{uuid.uuid4().hex[:8]}"
        arn = states.create_state_machine(name=name, definition=json.dumps(PASS), roleArn=ROLE)[
            "stateMachineArn"
        ]
        events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
        target = {"Id": "one", "Arn": arn, "RoleArn": ROLE, **how}
        assert events.put_targets(Rule=name, Targets=[target])["FailedEntryCount"] == 0
        detail = json.dumps({"user": 'é "q"', "count": 0, "on": False, "o": {"k": [1]}})
        events.put_events(Entries=[{"Source": name, "DetailType": "t", "Detail": detail}])
        (execution,) = until(
            lambda: states.list_executions(stateMachineArn=arn)["executions"], bool, 20
        )
        described = states.describe_execution(executionArn=execution["executionArn"])
        return json.loads(described["input"])

    return one


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"Input": '{"a": 1}'}, {"a": 1}),
        ({"Input": "{}"}, {}),
        ({"Input": '"text"'}, "text"),
        ({"InputPath": "$.detail.o"}, {"k": [1]}),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {
                        "user": "$.detail.user",
                        "n": "$.detail.count",
                        "on": "$.detail.on",
                        "o": "$.detail.o",
                        "none": "$.detail.none",
                    },
                    "InputTemplate": '{"who": <user>, "text": "<user>: <n>", "n": <n>, "on": <on>,'
                    ' "o": <o>, "none": <none>}',
                }
            },
            {
                "who": 'é "q"',
                "text": 'é "q": 0',
                "n": 0,
                "on": False,
                "o": {"k": [1]},
                "none": "",
            },
        ),
    ],
)
def test_a_state_machine_starts_with_the_input_that_the_target_names(started, how, expected):
    assert started(**how) == expected


def test_a_state_machine_without_an_input_gets_the_event(started):
    assert started()["detail"]["count"] == 0


def test_a_log_group_gets_the_constant_input(edge):
    logs, events = edge.client("logs"), edge.client("events")
    name = f"/aws/events/{uuid.uuid4().hex[:8]}"
    logs.create_log_group(logGroupName=name)
    rule = name.rpartition("/")[2]
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{name}"
    events.put_targets(Rule=rule, Targets=[{"Id": "l", "Arn": arn, "Input": '{"a": "é"}'}])
    events.put_events(Entries=[{"Source": rule, "DetailType": "t", "Detail": "{}"}])
    (told,) = until(lambda: logs.filter_log_events(logGroupName=name)["events"], bool, 20)
    assert json.loads(told["message"]) == {"a": "é"}


def test_what_a_target_does_not_take_lies_in_its_dead_letter_queue(edge):
    events, queue, rule = edge.client("events"), Queue(edge), f"rule-{uuid.uuid4().hex[:8]}"
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    gone = "arn:aws:states:us-east-1:000000000000:stateMachine:gone"
    target = {"Id": "one", "Arn": gone, "RoleArn": ROLE, "Input": "{}"}
    events.put_targets(Rule=rule, Targets=[{**target, "DeadLetterConfig": {"Arn": queue.arn}}])
    events.put_events(Entries=[{"Source": rule, "DetailType": "t", "Detail": '{"day": 1}'}])
    (message,) = queue.receive(MessageAttributeNames=["All"])
    told = {name: one["StringValue"] for name, one in message["MessageAttributes"].items()}
    assert json.loads(message["Body"])["detail"] == {"day": 1}
    assert (told["TARGET_ARN"], told["ERROR_CODE"]) == (gone, "StateMachineDoesNotExist")
    assert told["RULE_ARN"].endswith(f"rule/{rule}")
