"""CloudWatch's alarms: they look at their metrics by themselves, and tell who is to be told."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.queues import Queue
from tests.support.stacks import TestStack
from tests.support.state_machines import Machine

WATCHED = {"MetricName": "Failed", "Namespace": "Lake", "Statistic": "Sum", "Period": 10}


def new_topic(edge: Any, queue: Queue) -> str:
    sns = edge.client("sns")
    topic = sns.create_topic(Name=f"alarms-{uuid.uuid4().hex[:8]}")["TopicArn"]
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes=raw)
    return topic


def test_an_alarm_of_a_template_tells_its_topic_of_the_metric_and_keeps_its_state(edge):
    queue, stack = Queue(edge), TestStack(edge)
    topic, cloudwatch = new_topic(edge, queue), edge.client("cloudwatch")

    def template(description: str) -> dict[str, Any]:
        properties = {
            **WATCHED, "AlarmDescription": description, "Threshold": 2, "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "AlarmActions": [topic],
            "TreatMissingData": "ignore", "Dimensions": [{"Name": "stack", "Value": stack.name}],
        }  # fmt: skip
        alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}
        return {"Resources": {"Alarm": alarm}, "Outputs": {"Name": {"Value": {"Ref": "Alarm"}}}}

    assert stack.create(template("one")) == "CREATE_COMPLETE", stack.failures()
    name = stack.outputs()["Name"]
    cloudwatch.put_metric_data(
        Namespace="Lake",
        MetricData=[
            {
                "MetricName": "Failed", "Timestamp": datetime.now(UTC), "Value": 2,
                "Dimensions": [{"Name": "stack", "Value": stack.name}],
            }
        ],
    )  # fmt: skip
    told = json.loads(queue.taken()[0])
    assert (told["AlarmName"], told["OldStateValue"], told["NewStateValue"]) == (
        name, "INSUFFICIENT_DATA", "ALARM",
    )  # fmt: skip
    assert told["Trigger"]["MetricName"] == "Failed" and "[2.0]" in told["NewStateReason"]
    assert stack.update(template("two")) == "UPDATE_COMPLETE", stack.failures()
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (found["AlarmDescription"], found["StateValue"]) == ("two", "ALARM")
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


def test_an_alarm_on_executions_that_failed_tells_its_topic(edge):
    queue, fails = Queue(edge), {"Fails": {"Type": "Fail", "Error": "Planned"}}
    machine = Machine(edge.client("stepfunctions"), fails).run()["stateMachineArn"]
    cloudwatch, name = edge.client("cloudwatch"), f"failed-{uuid.uuid4().hex[:8]}"
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        AlarmActions=[new_topic(edge, queue)],
        Namespace="AWS/States",
        MetricName="ExecutionsFailed",
        Dimensions=[{"Name": "StateMachineArn", "Value": machine}],
        Statistic="Sum",
        Period=10,
        EvaluationPeriods=12,
        DatapointsToAlarm=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    change = json.loads(queue.taken()[0])
    assert (change["AlarmName"], change["NewStateValue"]) == (name, "ALARM")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"Metrics": [{"Id": "m", "Expression": "1"}]}, "PutMetricAlarm with Metrics"),
        ({"AlarmActions": ["arn:aws:automate:us-east-1:ec2:stop"]}, "an action of automate"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "GreaterThanUpperThreshold"),
    ],
)
def test_an_alarm_that_would_never_tell_is_refused_by_name(edge, settings, named):
    asked = {
        **WATCHED, "AlarmName": "a", "Threshold": 1, "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold", **settings,
    }  # fmt: skip
    with pytest.raises(ClientError) as refused:
        edge.client("cloudwatch").put_metric_alarm(**asked)
    error = refused.value.response["Error"]
    assert error["Code"] == "NotImplemented" and named in error["Message"]
