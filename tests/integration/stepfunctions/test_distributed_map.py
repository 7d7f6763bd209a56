"""A distributed Map reads, batches and writes as AWS documents."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.state_machines import distributed, passes, until

S3 = "arn:aws:states:::s3"
CHILD = {"I": passes()}
TWO_FAILS = {
    "C": {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "F"}],
        "Default": "I",
    },
    "F": {"Type": "Fail", "Error": "Two"},
    **CHILD,
}


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
        TWO_FAILS,
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


def test_the_files_that_an_inventory_names_are_read_by_its_schema(edge, machine, bucket, put):
    rows = gzip.compress(b'"map-items","a/1","10"\n"map-items","a/2","20"\n')
    edge.client("s3").put_object(Bucket=bucket, Key="inventory/data/1.csv.gz", Body=rows)
    manifest = {
        "sourceBucket": "map-items",
        "destinationBucket": f"arn:aws:s3:::{bucket}",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size",
        "files": [{"key": "inventory/data/1.csv.gz", "size": len(rows)}],
    }
    reader = read(put("inventory/manifest.json", json.dumps(manifest)), InputType="MANIFEST")
    assert machine({"M": distributed(CHILD, ItemReader=reader)}).output() == [
        {"Bucket": "map-items", "Key": "a/1", "Size": "10"},
        {"Bucket": "map-items", "Key": "a/2", "Size": "20"},
    ]


@pytest.mark.parametrize(
    "config",
    [
        {"InputType": "PARQUET"},
        {"InputType": "CSV", "ManifestType": "ATHENA_DATA"},
        {"InputType": "CSV", "Transformation": "LOAD_AND_FLATTEN"},
    ],
)
def test_what_a_reader_does_not_heed_fails_it_by_name(machine, put, config):
    reader = read(put("items", "a\n1\n"), **config)
    ended = machine({"M": distributed(CHILD, ItemReader=reader)}).run()
    assert ended["error"] == "States.ItemReaderFailed"
    assert list(config.values())[-1] in ended["cause"]


@pytest.mark.parametrize(
    ("config", "key", "text"),
    [
        ({"Transformation": "FLATTEN", "OutputType": "JSON"}, "SUCCEEDED_0.json", "[1, 2, 3]"),
        ({"Transformation": "COMPACT", "OutputType": "JSON"}, "SUCCEEDED_0.json", "[[1, 2], 3]"),
        ({"Transformation": "FLATTEN", "OutputType": "JSONL"}, "SUCCEEDED_0.jsonl", "1\n2\n3\n"),
        ({"Transformation": "COMPACT", "OutputType": "JSONL"}, "SUCCEEDED_0.jsonl", "[1, 2]\n3\n"),
    ],
)
def test_results_are_written_in_the_form_asked_for(edge, machine, bucket, config, key, text):
    state = distributed(
        TWO_FAILS,
        ToleratedFailureCount=1,
        ResultWriter={
            "Resource": f"{S3}:putObject",
            "Parameters": {"Bucket": bucket, "Prefix": "shaped"},
            "WriterConfig": config,
        },
    )
    output = machine({"M": state}).output({"v": [[1, 2], 2, 3]})
    folder = output["ResultWriterDetails"]["Key"].rpartition("/")[0]

    def content(name: str) -> str:
        body = edge.client("s3").get_object(Bucket=bucket, Key=f"{folder}/{name}")["Body"]
        return str(body.read().decode())

    assert content(key) == text
    failed = json.loads(content(key.replace("SUCCEEDED", "FAILED")).strip().strip("[]"))
    assert {"Status": "FAILED", "Error": "Two", "Input": "2"}.items() <= failed.items()
    assert "ExecutionArn" in failed  # one that failed is told as with NONE


def test_without_a_place_the_results_in_their_form_are_the_output(machine):
    state = distributed(CHILD, ResultWriter={"WriterConfig": {"Transformation": "FLATTEN"}})
    assert machine({"M": state}).output({"v": [[1, 2], 3]}) == [1, 2, 3]


def test_the_limits_of_a_map_run_are_changed_while_it_goes_on(edge, machine):
    states = edge.client("stepfunctions")
    waiting = {"W": {"Type": "Wait", "Seconds": 2, "Next": "C"}, **TWO_FAILS}
    built = machine({"M": distributed(waiting, MaxConcurrency=1)})
    execution = built.start({"v": [1, 2, 3]})
    (run,) = until(lambda: states.list_map_runs(executionArn=execution)["mapRuns"], len)
    arn = {"mapRunArn": run["mapRunArn"]}
    states.update_map_run(**arn, maxConcurrency=3, toleratedFailureCount=1)
    until(lambda: states.describe_map_run(**arn), lambda one: one["executionCounts"]["running"] > 1)
    assert built.end(execution)["status"] == "SUCCEEDED"
    ended = states.describe_map_run(**arn)
    assert (ended["maxConcurrency"], ended["toleratedFailureCount"]) == (3, 1)
    assert ended["itemCounts"]["failed"] == 1
    with pytest.raises(ClientError, match="Child executions of a distributed Map are not kept"):
        states.list_executions(**arn)
    child = f"{execution.rpartition(':')[0]}/label:a-child"
    for call in (states.describe_execution, states.get_execution_history):
        with pytest.raises(ClientError, match="Child executions of a distributed Map"):
            call(executionArn=child)


def test_a_file_that_is_not_there_fails_the_reader(machine, bucket):
    reader = read({"Bucket": bucket, "Key": "nope"}, InputType="JSON")
    ended = machine({"M": distributed(CHILD, ItemReader=reader)}).error()
    assert ended == ("FAILED", "States.ItemReaderFailed")
