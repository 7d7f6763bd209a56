"""A distributed Map reads, batches and writes as AWS documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.state_machines import distributed, passes

S3 = "arn:aws:states:::s3"
CHILD = {"I": passes()}


@pytest.fixture(scope="module")
def bucket(edge: Any) -> str:
    edge.client("s3").create_bucket(Bucket="map-items")
    return "map-items"


@pytest.fixture
def put(edge: Any, bucket: str) -> Callable[[str, str], dict[str, str]]:
    def one(key: str, text: str) -> dict[str, str]:
        edge.client("s3").put_object(Bucket=bucket, Key=key, Body=text.encode())
        return {"Bucket": bucket, "Key": key}

    return one


def read(place: dict[str, Any], **config: Any) -> dict[str, Any]:
    return {"Resource": f"{S3}:getObject", "ReaderConfig": config, "Parameters": place}


@pytest.mark.parametrize(
    ("text", "config", "items"),
    [
        ("a,b\n1,é\n2,\n", {"InputType": "CSV"}, [{"a": "1", "b": "é"}, {"a": "2", "b": ""}]),
        (
            "1|2\n3|4\n5|6\n",
            {
                "InputType": "CSV",
                "CSVHeaderLocation": "GIVEN",
                "CSVHeaders": ["x", "y"],
                "CSVDelimiter": "PIPE",
                "MaxItems": 2,
            },
            [{"x": "1", "y": "2"}, {"x": "3", "y": "4"}],
        ),
        ('[1, {"é": 2}]', {"InputType": "JSON"}, [1, {"é": 2}]),
        ('{"in": {"it": [7, 8]}}', {"InputType": "JSON", "ItemsPointer": "/in/it"}, [7, 8]),
        ('{"n": 1}\n{"n": 2}\n', {"InputType": "JSONL"}, [{"n": 1}, {"n": 2}]),
    ],
)
def test_items_are_read_from_a_file(machine, put, text, config, items):
    reader = read(put("items", text), **config)
    assert machine({"M": distributed(CHILD, ItemReader=reader)}).output() == items


def test_a_listing_of_more_than_a_thousand_keys_is_whole_and_batched(edge, machine, bucket):
    s3 = edge.client("s3")
    for number in range(1010):
        s3.put_object(Bucket=bucket, Key=f"many/{number:04}", Body=b"")
    state = distributed(
        {"I": passes(Parameters={"n.$": "States.ArrayLength($.Items)", "b.$": "$.BatchInput"})},
        ItemReader={
            "Resource": f"{S3}:listObjectsV2",
            "Parameters": {"Bucket": bucket, "Prefix.$": "$.prefix"},
        },
        ItemSelector={"key.$": "$$.Map.Item.Value.Key"},
        ItemBatcher={"MaxItemsPerBatch": 400, "BatchInput": {"from.$": "$.prefix"}},
    )
    batch = {"from": "many/"}
    assert machine({"M": state}).output({"prefix": "many/"}) == [
        {"n": 400, "b": batch},
        {"n": 400, "b": batch},
        {"n": 210, "b": batch},
    ]


def test_results_are_written_with_a_manifest(edge, machine, bucket):
    s3, states = edge.client("s3"), edge.client("stepfunctions")
    state = distributed(
        {
            "C": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "F"}],
                "Default": "I",
            },
            "F": {"Type": "Fail", "Error": "Two"},
            **CHILD,
        },
        ToleratedFailureCount=1,
        Label="results",
        ResultWriter={
            "Resource": f"{S3}:putObject",
            "Parameters": {"Bucket": bucket, "Prefix": "out"},
        },
    )
    ended = machine({"M": state}).run({"v": [1, 2, 3]})
    output = json.loads(ended["output"])
    details = output["ResultWriterDetails"]
    assert details["Bucket"] == bucket
    assert details["Key"].startswith("out/")
    assert details["Key"].endswith("/manifest.json")

    def content(key: str) -> Any:
        return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    manifest = content(details["Key"])
    assert manifest["DestinationBucket"] == bucket
    assert manifest["MapRunArn"] == output["MapRunArn"]
    assert manifest["ResultFiles"]["PENDING"] == []
    (good,) = manifest["ResultFiles"]["SUCCEEDED"]
    (bad,) = manifest["ResultFiles"]["FAILED"]
    assert [one["Output"] for one in content(good["Key"])] == ["1", "3"]
    assert [(one["Input"], one["Error"]) for one in content(bad["Key"])] == [("2", "Two")]
    run = states.describe_map_run(mapRunArn=output["MapRunArn"])
    assert run["status"] == "SUCCEEDED"
    assert (run["itemCounts"]["succeeded"], run["itemCounts"]["failed"]) == (2, 1)
    assert run["executionCounts"]["running"] == 0
    (listed,) = states.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]
    assert listed["mapRunArn"] == output["MapRunArn"]


def test_a_file_that_is_not_there_fails_the_reader(machine, bucket):
    reader = read({"Bucket": bucket, "Key": "nope"}, InputType="JSON")
    ended = machine({"M": distributed(CHILD, ItemReader=reader)}).error()
    assert ended == ("FAILED", "States.ItemReaderFailed")
