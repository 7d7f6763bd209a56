"""A call that this stack does not serve says so, to any client, and at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.support.stack import Stack


@pytest.mark.parametrize(
    ("service", "operation", "request_of"),
    [
        ("glue", "CreateBlueprint", {"Name": "b", "BlueprintLocation": "s3://b/b.zip"}),
        ("s3", "RestoreObject", {"Bucket": "b", "Key": "k", "RestoreRequest": {"Days": 1}}),
        ("logs", "StartQuery", {"startTime": 1, "endTime": 2, "queryString": "fields @message"}),
        ("lambda", "PublishLayerVersion", {"LayerName": "l", "Content": {"ZipFile": b"z"}}),
        ("redshift", "DescribeClusters", {}),
        ("kinesis", "ListStreams", {}),
        ("dynamodb", "ListTables", {}),
        ("emr", "ListClusters", {}),
        ("swf", "ListDomains", {"registrationStatus": "REGISTERED"}),
        ("ec2", "DescribeInstances", {}),
    ],
)
def test_a_call_that_is_not_served_is_an_error_that_names_it(edge, service, operation, request_of):
    client = edge.client(service)
    method = next(n for n, o in client.meta.method_to_api_mapping.items() if o == operation)

    with pytest.raises(ClientError) as refused:
        getattr(client, method)(**request_of)

    answer = refused.value.response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert answer["Error"]["Message"] == (
        f"{service}.{operation} is not implemented by this stack; see docs/parity.md"
    )
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0


def test_the_aws_command_line_shows_the_call_and_where_to_look(edge: Stack):
    begun = time.monotonic()
    aws = [str(Path(sys.executable).parent / "aws"), "--endpoint-url", edge.url]
    done = subprocess.run(
        [*aws, "redshift", "describe-clusters"],
        env={
            **os.environ,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "redshift.DescribeClusters is not implemented by this stack" in done.stderr
    assert time.monotonic() - begun < 10


def test_a_state_machine_that_calls_what_is_not_served_fails_with_that_cause(edge: Stack):
    states = edge.client("stepfunctions")
    definition = {
        "StartAt": "Scan",
        "States": {
            "Scan": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:dynamodb:listTables",
                "Parameters": {},
                "End": True,
            }
        },
    }
    made = states.create_state_machine(
        name="calls-what-is-not-served",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::000000000000:role/any",
    )
    run = states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]

    edge.wait_for(lambda: states.describe_execution(executionArn=run)["status"] != "RUNNING", 30)

    ended = states.describe_execution(executionArn=run)
    assert ended["status"] == "FAILED"
    assert "dynamodb.ListTables is not implemented by this stack" in ended["cause"]
