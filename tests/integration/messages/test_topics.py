"""SNS and S3's notifications: who is told, who is not, and in which words."""

from __future__ import annotations

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue as Inbox
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.functions import new_function
from tests.support.queues import Queue

ECHO = (
    "import boto3, json, os\n"
    "def handle(event, context):\n"
    "    sqs = boto3.client('sqs')\n"
    "    sqs.send_message(QueueUrl=os.environ['TO'], MessageBody=json.dumps(event))\n"
)


def new_topic(edge: Any) -> Any:
    return edge.client("sns").create_topic(Name=f"topic-{uuid.uuid4().hex[:8]}")["TopicArn"]


def test_a_queue_has_what_its_filter_policy_lets_through(edge):
    sns, topic, queue = edge.client("sns"), new_topic(edge), Queue(edge)
    wrapped, by_body = Queue(edge), Queue(edge)
    of_body = {"FilterPolicy": '{"n": [{"numeric": [">", 1]}]}', "FilterPolicyScope": "MessageBody"}
    for to, attributes in (
        (queue, {"FilterPolicy": '{"kind": ["a"]}', "RawMessageDelivery": "true"}),
        (wrapped, {}),
        (by_body, of_body),
    ):
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=to.arn, Attributes=attributes)
    for kind, body in (("b", '{"n": 1}'), ("a", '{"n": 2}')):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=body, MessageAttributes=attributes)
    assert queue.taken() == ['{"n": 2}']
    assert sorted(json.loads(one)["Message"] for one in wrapped.taken(2)) == [
        '{"n": 1}',
        '{"n": 2}',
    ]
    told = json.loads(by_body.taken()[0])
    assert (told["Type"], told["TopicArn"], told["Message"]) == ("Notification", topic, '{"n": 2}')
    assert queue.receive(seconds=0) == by_body.receive(seconds=0) == []


def test_a_function_is_called_with_what_is_published(edge):
    queue, topic = Queue(edge), new_topic(edge)
    function = new_function(edge, ECHO, Environment={"Variables": {"TO": queue.url["QueueUrl"]}})
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function}"
    edge.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    edge.client("sns").publish(TopicArn=topic, Subject="s", Message="m")
    (record,) = json.loads(queue.taken()[0])["Records"]
    assert (record["EventSource"], record["Sns"]["Subject"], record["Sns"]["Message"]) == (
        "aws:sns", "s", "m",
    )  # fmt: skip


def test_an_http_endpoint_is_told_only_once_it_has_confirmed(edge):
    sns, topic = edge.client("sns"), new_topic(edge)
    with receiver() as (address, inbox):
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=address)
        asked = inbox.get(timeout=20)
        assert (asked["Type"], asked["TopicArn"]) == ("SubscriptionConfirmation", topic)
        sns.publish(TopicArn=topic, Message="too early")
        assert requests.get(asked["SubscribeURL"], timeout=20).ok
        sns.publish(TopicArn=topic, Message="in time")
        assert inbox.get(timeout=20)["Message"] == "in time"


@pytest.mark.parametrize(
    ("protocol", "endpoint"), [("email", "a@example.com"), ("sms", "+4915112345678")]
)
def test_whom_nobody_would_write_to_cannot_subscribe(edge, protocol, endpoint):
    with pytest.raises(ClientError) as refused:
        edge.client("sns").subscribe(TopicArn=new_topic(edge), Protocol=protocol, Endpoint=endpoint)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "NotImplemented",
        f"sns.Subscribe with Protocol {protocol} is not implemented by this stack; see"
        " docs/parity.md",
    )


def test_a_bucket_tells_queue_and_topic_of_objects_under_a_prefix(edge):
    s3, bucket = edge.client("s3"), f"told-{uuid.uuid4().hex[:8]}"
    direct, by_topic, topic = Queue(edge), Queue(edge), new_topic(edge)
    edge.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=by_topic.arn)
    s3.create_bucket(Bucket=bucket)
    rules = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "events/"}]}}
    created = {"Events": ["s3:ObjectCreated:*"], "Filter": rules}
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": direct.arn, **created}],
            "TopicConfigurations": [{"TopicArn": topic, **created}],
        },
    )
    assert json.loads(direct.taken()[0])["Event"] == "s3:TestEvent"
    by_topic.taken()
    for key in ("other/k", "events/day=1/a b"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"12")
    for text in (direct.taken()[0], json.loads(by_topic.taken()[0])["Message"]):
        (record,) = json.loads(text)["Records"]
        assert (record["eventName"], record["s3"]["bucket"]["name"]) == (
            "ObjectCreated:Put",
            bucket,
        )
        assert record["s3"]["object"]["key"] == "events/day%3D1/a+b"
        assert record["s3"]["object"]["size"] == 2


class receiver:
    """An HTTP endpoint of this machine; as a context its address and what it was sent."""

    def __enter__(self) -> tuple[str, Inbox]:
        inbox: Inbox = Inbox()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                inbox.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}/hook", inbox

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
