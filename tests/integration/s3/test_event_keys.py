"""The key of an object in the events that it causes, to a function and to EventBridge."""

from __future__ import annotations

import io
import json
import zipfile

from tests.support.stack import Stack

CODE = """
import json, uuid, boto3
def h(event, context):
    boto3.client("s3").put_object(Bucket="event-log", Key=uuid.uuid4().hex, Body=json.dumps(event))
"""
KEYS = ["in/a b+c.csv", "in/day=2026-01-14/é(1).csv", "out/a b.csv"]


def test_a_function_gets_keys_encoded_and_eventbridge_plain_ones_which_patterns_match(edge: Stack):
    s3, events = edge.client("s3"), edge.client("events")
    s3.create_bucket(Bucket="event-log")
    s3.create_bucket(Bucket="event-source")
    arn = function(edge)
    by_prefix = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    by_suffix = {"Key": {"FilterRules": [{"Name": "suffix", "Value": "a+b.csv"}]}}
    created = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="event-source",
        NotificationConfiguration={
            "EventBridgeConfiguration": {},
            "LambdaFunctionConfigurations": [
                {**created, "Id": "p", "Filter": by_prefix},
                {**created, "Id": "s", "Filter": by_suffix},
            ],
        },
    )
    pattern = {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "in/day=2026"}]}}}
    events.put_rule(Name="keys", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="keys", Targets=[{"Id": "1", "Arn": arn}])

    for key in KEYS:
        s3.put_object(Bucket="event-source", Key=key, Body=b"1")

    edge.wait_for(lambda: len(edge.keys("event-log", "")) >= 4, seconds=30)
    seen = [json.loads(text) for text in edge.objects("event-log", "").values()]
    to_function = {e["Records"][0]["s3"]["object"]["key"] for e in seen if "Records" in e}
    to_bus = {e["detail"]["object"]["key"] for e in seen if "detail" in e}
    assert to_function == {
        "in/a+b%2Bc.csv",
        "in/day%3D2026-01-14/%C3%A9%281%29.csv",
        "out/a+b.csv",
    }
    assert to_bus == {"in/day=2026-01-14/é(1).csv"}


def function(edge: Stack) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("m.py", CODE)
    edge.client("iam").create_role(RoleName="event-keys", AssumeRolePolicyDocument="{}")
    functions = edge.client("lambda")
    arn: str = functions.create_function(
        FunctionName="event-keys",
        Runtime="python3.11",
        Handler="m.h",
        Role="arn:aws:iam::000000000000:role/event-keys",
        Timeout=20,
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName="event-keys")
    return arn
