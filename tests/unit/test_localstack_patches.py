"""LocalStack still has the faults that this project patches, and old states can still be read.

Where one of these tests fails, LocalStack has mended the fault, and our patch of it can go.
"""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from localstack.http import Request
from localstack.services.apigateway.next_gen.execute_api.integrations import aws
from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
from localstack.services.lambda_.provider import LambdaProvider
from localstack.services.lambda_.urlrouter import event_for_lambda_url
from localstack.services.s3 import notifications
from localstack.services.s3.codec import AwsChunkedDecoder

from services.edge.service_state import pickles, stepfunctions


def test_a_cut_chunk_is_still_told_as_something_else_than_an_error_of_s3():
    decoder = AwsChunkedDecoder(io.BytesIO(b"9\r\nab"), 9, SimpleNamespace())
    with pytest.raises(EOFError):
        decoder.read()


def test_a_binary_media_type_for_all_still_matches_none():
    assert not aws.mime_type_matches_binary_media_types("text/plain", ["*/*"])


def test_a_filter_of_s3_s_events_is_still_compared_with_the_encoded_key():
    rules = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "event_date=1/"}]}}
    assert not notifications._matching_filter(rules, "event_date%3D1/a")


def test_a_reserved_variable_of_a_function_is_still_taken():
    refused = LambdaProvider._verify_env_variables({"AWS_LAMBDA_FUNCTION_NAME": "mine"})
    assert refused is None


def test_text_beyond_ascii_still_reaches_a_function_s_url_as_bytes():
    request = Request(
        "POST", "/", headers={"Content-Type": "application/json"}, body='"é"'.encode()
    )
    assert event_for_lambda_url("api", request)["isBase64Encoded"]


def test_the_scheduler_of_alarms_still_keeps_its_process_from_ending():
    scheduler = AlarmScheduler()
    try:
        assert not scheduler.thread.daemon
    finally:
        scheduler.shutdown_scheduler()


@pytest.mark.parametrize("name", ["MapRun", "_restored"])
def test_a_state_that_an_earlier_release_pickled_is_read(name):
    pickled = f"cservices.edge.store.executions\n{name}\n.".encode()
    assert pickles.loads(pickled) is getattr(stepfunctions, name)
