"""State machines that send to queues, topics and event buses, and wait for who answers a token."""

from __future__ import annotations

import json
import uuid

from tests.support.queues import Queue
from tests.support.state_machines import task


def test_a_task_waits_for_its_token_and_tells_topic_and_bus(edge, machine):
    work, told, heard = Queue(edge), Queue(edge), Queue(edge)
    topic = edge.client("sns").create_topic(Name=f"topic-{uuid.uuid4().hex[:8]}")["TopicArn"]
    raw = {"RawMessageDelivery": "true"}
    edge.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told.arn, Attributes=raw)
    rule, events = f"rule-{uuid.uuid4().hex[:8]}", edge.client("events")
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": heard.arn}])
    asking = {
        "QueueUrl": work.url["QueueUrl"],
        "MessageBody": {"token.$": "$$.Task.Token", "job": 7},
    }
    entry = {"Source": rule, "DetailType": "done", "Detail": {"by.$": "$.worker"}}
    telling = {"TopicArn": topic, "Message.$": "$.worker"}
    steps = machine(
        {
            "Ask": _then("Tell", task("sqs:sendMessage.waitForTaskToken", asking)),
            "Tell": _then("Event", task("sns:publish", telling), ResultPath=None),
            "Event": task("events:putEvents", {"Entries": [entry]}),
        }
    )
    execution = steps.start()
    asked = json.loads(work.taken()[0])
    assert asked["job"] == 7
    states = edge.client("stepfunctions")
    assert states.describe_execution(executionArn=execution)["status"] == "RUNNING"
    states.send_task_success(taskToken=asked["token"], output='{"worker": "w"}')
    found = steps.end(execution)
    assert found["status"] == "SUCCEEDED", (found.get("error"), found.get("cause"))
    assert json.loads(found["output"])["FailedEntryCount"] == 0
    assert told.taken() == ["w"]
    event = json.loads(heard.taken()[0])
    assert (event["source"], event["detail-type"], event["detail"]) == (rule, "done", {"by": "w"})
    assert execution in event["resources"]


def test_a_topic_that_is_not_there_fails_the_task_with_the_error_of_sns(machine):
    absent = "arn:aws:sns:us-east-1:000000000000:no-such-topic"
    steps = machine({"Tell": task("sns:publish", {"TopicArn": absent, "Message": "m"})})
    assert steps.error() == ("FAILED", "SNS.NotFoundException")


def _then(name: str, state: dict, **more: object) -> dict:
    return {**{key: value for key, value in state.items() if key != "End"}, "Next": name, **more}
