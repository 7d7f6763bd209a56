"""The edge's CloudFormation: how settings become API calls."""

from __future__ import annotations

from services.edge.cloudformation import tags
from services.edge.cloudformation.stages import method_settings, patches


def test_the_throttling_of_all_methods_is_two_patches_of_the_stage() -> None:
    settings = {
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "ThrottlingRateLimit": 10000,
        "ThrottlingBurstLimit": 5000,
    }

    assert method_settings([settings]) == [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "10000"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "5000"},
    ]


def test_a_nested_path_is_escaped_as_api_gateway_wants_it() -> None:
    settings = {"HttpMethod": "GET", "ResourcePath": "/a/b", "ThrottlingBurstLimit": 5}

    assert [patch["path"] for patch in method_settings([settings])] == [
        "/a~1b/GET/throttling/burstLimit"
    ]


def test_changed_tags_are_set_again_and_missing_ones_removed() -> None:
    before = {"project": "6", "stage": "test", "old": "1"}
    after = tags.as_map([{"Key": "project", "Value": "6"}, {"Key": "stage", "Value": "prod"}])

    assert tags.changes(before, after) == ({"stage": "prod"}, ["old"])


def test_a_changed_stage_is_the_patches_from_one_to_the_other() -> None:
    setting = {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingBurstLimit": 5}
    before = {"DeploymentId": "a", "Variables": {"x": "1", "y": "1"}, "MethodSettings": [setting]}
    after = {"DeploymentId": "b", "Variables": {"x": "2"}, "TracingEnabled": True}

    assert patches(before, after) == [
        {"op": "replace", "path": "/deploymentId", "value": "b"},
        {"op": "replace", "path": "/tracingEnabled", "value": "true"},
        {"op": "replace", "path": "/variables/x", "value": "2"},
        {"op": "remove", "path": "/variables/y"},
        {"op": "remove", "path": "/*/*"},
    ]
