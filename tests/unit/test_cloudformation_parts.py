"""The pure parts of the edge's CloudFormation: kinds of values, replacement, blocks, lifecycles."""

from __future__ import annotations

from typing import Any

import pytest
from localstack.services.cloudformation.engine.validations import ValidationError

from services.edge.cloudformation import (
    coercion,
    functions,
    replacements,
    s3_settings,
    shapes,
    stack_tags,
)
from services.edge.cloudformation.apigateway_parts import api_patches
from services.edge.patches.cloudformation import intrinsics

SCHEMA: dict[str, Any] = {
    "properties": {
        "Name": {"type": "string"},
        "Size": {"type": "integer"},
        "On": {"type": "boolean"},
        "Variables": {"type": "object", "patternProperties": {"[a-z]+": {"type": "string"}}},
        "Tags": {"type": "array", "items": {"$ref": "#/definitions/Tag"}},
        "Free": {"type": "object"},
    },
    "definitions": {"Tag": {"properties": {"Value": {"type": "string"}}}},
    "createOnlyProperties": ["/properties/Name", "/properties/Deep/Inner"],
    "primaryIdentifier": ["/properties/Name"],
}


def test_scalars_take_the_kind_that_the_schema_declares() -> None:
    given = {
        "Name": True,
        "Size": "5",
        "On": "false",
        "Variables": {"a": True, "b": 3},
        "Tags": [{"Value": False}],
        "Free": {"x": True},
        "Unknown": True,
    }

    assert coercion.as_declared(SCHEMA, given) == {
        "Name": "true",
        "Size": 5,
        "On": False,
        "Variables": {"a": "true", "b": "3"},
        "Tags": [{"Value": "false"}],
        "Free": {"x": True},
        "Unknown": True,
    }


@pytest.mark.parametrize(
    ("before", "after", "needed"),
    [
        ({"Name": "a"}, {"Name": "b"}, True),
        ({"Name": "a"}, {"Name": "a", "Size": 2}, False),
        ({}, {"Name": "deployed"}, False),
        ({}, {"Name": "other"}, True),
        ({"Name": "a"}, {}, True),
        ({"Deep": {"Inner": 1}}, {"Deep": {"Inner": 2}}, True),
        ({"Deep": {"Inner": 1}}, {"Deep": {"Inner": "1", "Else": 2}}, False),
    ],
)
def test_only_a_new_value_of_a_property_that_creating_sets_needs_a_replacement(
    before: dict[str, Any], after: dict[str, Any], needed: bool
) -> None:
    deployed = {**before, "Name": before.get("Name", "deployed")}

    assert replacements.is_needed(SCHEMA, before, deployed, after) is needed


@pytest.mark.parametrize(
    ("arguments", "blocks"),
    [
        (["10.0.0.0/22", 3], ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        (["10.0.0.0/24", 2, 4], ["10.0.0.0/28", "10.0.0.16/28"]),
        (["10.0.0.0/24", 1, 8], ["10.0.0.0/24"]),
    ],
)
def test_cidr_blocks_are_the_first_of_their_network(
    arguments: list[Any], blocks: list[str]
) -> None:
    assert functions.cidr(arguments) == blocks


@pytest.mark.parametrize(
    "arguments",
    [["10.0.0.0/24", 2, 8], ["10.0.0.0/24", 257, 0], ["nowhere", 1, 1], ["10.0.0.0/24"], "x"],
)
def test_cidr_blocks_that_a_network_does_not_hold_are_refused(arguments: Any) -> None:
    with pytest.raises(ValidationError, match="Fn::Cidr"):
        functions.cidr(arguments)


@pytest.mark.parametrize(
    ("arguments", "same"),
    [
        (["0", 0], True),
        (["true", True], True),
        (["", ""], True),
        (["1", 0], False),
        ([[], []], True),
    ],
)
def test_values_are_compared_as_the_texts_that_parameters_are(arguments: Any, same: bool) -> None:
    assert functions.equal(arguments) is same


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("https://abc123.execute-api.us-east-1.amazonaws.com", "abc123"),
        ("https://abc123.execute-api.eu-west-1.amazonaws.com/prod/x?y=1", "abc123/prod/x?y=1"),
    ],
)
def test_the_address_of_an_api_becomes_one_that_answers_here(given: str, path: str) -> None:
    assert intrinsics.answering(given).partition("/_aws/execute-api/")[2] == path


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:execute-api:us-east-1:000000000000:abc/prod/POST/webhook",
        "https://example.com/execute-api",
        "https://abc.execute-api.example.com/prod",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert intrinsics.answering(text) == text


def test_a_lifecycle_rule_of_several_conditions_has_them_all() -> None:
    rule = {
        "Status": "Enabled",
        "Prefix": "a/",
        "TagFilters": [{"Key": "k", "Value": "v"}],
        "ObjectSizeGreaterThan": "10",
        "ExpiredObjectDeleteMarker": True,
        "NoncurrentVersionExpirationInDays": 3,
    }

    assert s3_settings.lifecycle({"Rules": [rule]}) == {
        "Rules": [
            {
                "Status": "Enabled",
                "Filter": {
                    "And": {
                        "Prefix": "a/",
                        "ObjectSizeGreaterThan": 10,
                        "Tags": [{"Key": "k", "Value": "v"}],
                    }
                },
                "Expiration": {"ExpiredObjectDeleteMarker": True},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
            }
        ]
    }


def test_a_changed_api_is_the_patches_from_one_to_the_other() -> None:
    before = {"Name": "a", "Description": "old", "BinaryMediaTypes": ["image/png"]}
    after = {"Name": "b", "BinaryMediaTypes": ["*/*"], "DisableExecuteApiEndpoint": True}

    assert api_patches(before, after) == [
        {"op": "replace", "path": "/name", "value": "b"},
        {"op": "replace", "path": "/description", "value": ""},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"},
        {"op": "add", "path": "/binaryMediaTypes/*~1*"},
        {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
    ]


def test_the_kinds_of_a_types_properties_are_those_of_its_services_request() -> None:
    job = {"properties": shapes.properties("glue", "CreateJob")}
    application = {"properties": shapes.properties("emr-serverless", "CreateApplication")}
    given = {"MaxRetries": "2", "Tags": {"a": True}, "Command": {"PythonVersion": 3}}
    stops = {"AutoStopConfiguration": {"Enabled": "true", "IdleTimeoutMinutes": "5"}}

    assert coercion.as_declared(job, given) == {
        "MaxRetries": 2,
        "Tags": {"a": "true"},
        "Command": {"PythonVersion": "3"},
    }
    assert coercion.as_declared(application, stops) == {
        "AutoStopConfiguration": {"Enabled": True, "IdleTimeoutMinutes": 5}
    }


@pytest.mark.parametrize(
    ("kind", "properties", "tagged"),
    [
        ("AWS::S3::Bucket", {}, {"Tags": [{"Key": "a", "Value": "stack"}]}),
        (
            "AWS::S3::Bucket",
            {"Tags": [{"Key": "a", "Value": "own"}]},
            {"Tags": [{"Key": "a", "Value": "own"}]},
        ),
        ("AWS::Glue::Job", {"Tags": {"b": "own"}}, {"Tags": {"a": "stack", "b": "own"}}),
        ("AWS::Glue::Job", {"Tags": {"a": "own"}}, {"Tags": {"a": "own"}}),
        ("AWS::Lambda::Permission", {"Action": "x"}, {"Action": "x"}),
    ],
)
def test_a_resource_has_its_own_tags_and_its_stacks(
    kind: str, properties: dict[str, Any], tagged: dict[str, Any]
) -> None:
    stack = [{"Key": "a", "Value": "stack"}]

    assert stack_tags.inherited(kind, properties, stack) == tagged
    assert stack_tags.inherited(kind, properties, []) == properties
