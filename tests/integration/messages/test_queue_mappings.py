"""Functions that are called with what comes into a queue, and all of it made by a template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.functions import new_function
from tests.support.queues import Queue, redrive
from tests.support.stacks import TestStack

FAILS_BAD = (
    "import boto3, os\n"
    "def handle(event, context):\n"
    "    sqs = boto3.client('sqs')\n"
    "    failed = []\n"
    "    for record in event['Records']:\n"
    "        if 'bad' in record['body']:\n"
    "            failed.append({'itemIdentifier': record['messageId']})\n"
    "        else:\n"
    "            sqs.send_message(QueueUrl=os.environ['TO'], MessageBody=record['body'])\n"
    "    return {'batchItemFailures': failed}\n"
)


def test_what_a_function_fails_on_comes_back_and_ends_as_a_dead_letter(edge):
    done, dead = Queue(edge), Queue(edge)
    queue = Queue(edge, VisibilityTimeout="1", RedrivePolicy=redrive(dead, after=2))
    variables = {"Variables": {"TO": done.url["QueueUrl"]}}
    function = new_function(edge, FAILS_BAD, Environment=variables)
    functions = edge.client("lambda")
    made = functions.create_event_source_mapping(
        FunctionName=function, EventSourceArn=queue.arn, BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )  # fmt: skip
    good = ['{ "n":1.0,  "n": 2 }', "plain"]
    entries = [{"Id": f"{n}", "MessageBody": body} for n, body in enumerate([*good, '{"bad":1}'])]
    queue.client.send_message_batch(**queue.url, Entries=entries)
    assert sorted(done.taken(2)) == sorted(good)  # as they were sent, to the blank
    assert dead.taken() == ['{"bad":1}']
    listed = functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    assert [one["UUID"] for one in listed] == [made["UUID"]]
    functions.delete_event_source_mapping(UUID=made["UUID"])


def test_a_mapping_of_what_is_not_served_is_refused_by_name(edge):
    function = new_function(edge, "def handle(event, context): ...\n")
    with pytest.raises(ClientError, match="CreateEventSourceMapping from kinesis"):
        edge.client("lambda").create_event_source_mapping(
            FunctionName=function, StartingPosition="LATEST",
            EventSourceArn="arn:aws:kinesis:us-east-1:000000000000:stream/s",
        )  # fmt: skip


def template(function: str, visibility: int, kinds: list[str]) -> dict[str, Any]:
    dead = {"Fn::GetAtt": ["Dead", "Arn"]}
    return {
        "Resources": {
            "Dead": {"Type": "AWS::SQS::Queue"},
            "Queue": {
                "Type": "AWS::SQS::Queue",
                "Properties": {
                    "VisibilityTimeout": visibility,
                    "RedrivePolicy": {"deadLetterTargetArn": dead, "maxReceiveCount": 3},
                },
            },
            "Policy": {
                "Type": "AWS::SQS::QueuePolicy",
                "Properties": {
                    "Queues": [{"Ref": "Queue"}],
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": []},
                },
            },
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": kinds[0]}},
            "Subscription": {
                "Type": "AWS::SNS::Subscription",
                "Properties": {
                    "TopicArn": {"Ref": "Topic"}, "Protocol": "sqs",
                    "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]}, "RawMessageDelivery": True,
                    "FilterPolicy": {"kind": kinds},
                },
            },
            "Mapping": {
                "Type": "AWS::Lambda::EventSourceMapping",
                "Properties": {
                    "FunctionName": function, "BatchSize": 1,
                    "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                },
            },
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "NotificationConfiguration": {
                        "QueueConfigurations": [{"Event": "s3:ObjectRemoved:*", "Queue": dead}]
                    }
                },
            },
        },
        "Outputs": {
            name: {"Value": {"Ref": name}} for name in ("Queue", "Topic", "Bucket", "Dead")
        },
    }  # fmt: skip


def test_a_template_makes_changes_and_deletes_queues_topics_and_their_readers(edge):
    sqs, sns, stack, done = edge.client("sqs"), edge.client("sns"), TestStack(edge), Queue(edge)
    variables = {"Variables": {"TO": done.url["QueueUrl"]}}
    function = new_function(edge, FAILS_BAD, Environment=variables)
    assert stack.create(template(function, 30, ["a"])) == "CREATE_COMPLETE", stack.failures()
    made = stack.outputs()
    assert stack.update(template(function, 45, ["b"])) == "UPDATE_COMPLETE", stack.failures()
    assert stack.outputs() == made
    found = sqs.get_queue_attributes(QueueUrl=made["Queue"], AttributeNames=["All"])["Attributes"]
    assert (found["VisibilityTimeout"], json.loads(found["RedrivePolicy"])["maxReceiveCount"]) == (
        "45", 3,
    )  # fmt: skip
    for kind in ("a", "b"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=made["Topic"], Message=f"of {kind}", MessageAttributes=attributes)
    assert done.taken() == ["of b"]
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    with pytest.raises(ClientError, match="NonExistentQueue"):
        sqs.get_queue_attributes(QueueUrl=made["Queue"])
    with pytest.raises(ClientError, match="NotFound"):
        sns.get_topic_attributes(TopicArn=made["Topic"])
