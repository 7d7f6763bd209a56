"""The edge's CloudFormation: what a rollback undoes, and how settings become API calls."""

from __future__ import annotations

from services.edge.cloudformation import tags
from services.edge.cloudformation.rollback import steps
from services.edge.cloudformation.stages import throttling


def test_a_rollback_removes_what_was_made_and_restores_what_was_changed_last_first() -> None:
    before = {
        "Kept": {"Properties": {"a": 1}, "ResourceStatus": "CREATE_COMPLETE"},
        "Changed": {"Properties": {"a": 1}, "ResourceStatus": "CREATE_COMPLETE"},
    }
    after = {
        "Kept": before["Kept"],
        "Made": {"Properties": {"b": 1}, "ResourceStatus": "CREATE_COMPLETE"},
        "Changed": {"Properties": {"a": 2}, "ResourceStatus": "UPDATE_COMPLETE"},
        "Refused": {"Properties": {}, "ResourceStatus": "CREATE_FAILED"},
    }

    assert steps(before, after) == [("Modify", "Changed"), ("Remove", "Made")]


def test_the_throttling_of_all_methods_is_two_patches_of_the_stage() -> None:
    settings = {
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "ThrottlingRateLimit": 10000,
        "ThrottlingBurstLimit": 5000,
    }

    assert throttling([settings]) == [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "10000"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "5000"},
    ]


def test_a_nested_path_is_escaped_as_api_gateway_wants_it() -> None:
    settings = {"HttpMethod": "GET", "ResourcePath": "/a/b", "ThrottlingBurstLimit": 5}

    assert [patch["path"] for patch in throttling([settings])] == [
        "/a~1b/GET/throttling/burstLimit"
    ]


def test_changed_tags_are_set_again_and_missing_ones_removed() -> None:
    before = {"project": "6", "stage": "test", "old": "1"}
    after = tags.as_map([{"Key": "project", "Value": "6"}, {"Key": "stage", "Value": "prod"}])

    assert tags.changes(before, after) == ({"stage": "prod"}, ["old"])
