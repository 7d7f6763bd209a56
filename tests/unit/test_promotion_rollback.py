"""What is told of an apply that AWS has rolled back."""

from __future__ import annotations

from typing import Any

import pytest

from aws_bootstrap.promotion import carry_out
from tests.support.stubbed_account import Account


@pytest.fixture
def account() -> Account:
    return Account()


def _stack(status: str) -> dict[str, Any]:
    made = "2026-01-01T00:00:00Z"
    return {"Stacks": [{"StackName": "acme-lake", "CreationTime": made, "StackStatus": status}]}


def _resource(name: str, status: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": name,
        "PhysicalResourceId": f"acme-{name}",
        "ResourceType": "AWS::S3::Bucket",
        "LastUpdatedTimestamp": "2026-01-01T00:00:00Z",
        "ResourceStatus": status,
    }


@pytest.mark.parametrize(
    ("status", "resources", "told"),
    [
        (
            "ROLLBACK_COMPLETE",
            {"a": "DELETE_COMPLETE", "b": "DELETE_SKIPPED"},
            [
                "AWS has rolled the change back: of the new stack nothing is left but",
                "  AWS::S3::Bucket acme-b (DELETE_SKIPPED)",
            ],
        ),
        (
            "UPDATE_ROLLBACK_COMPLETE",
            {"a": "UPDATE_COMPLETE", "b": "CREATE_COMPLETE"},
            [
                "AWS has rolled the change back: the stack is as it was before. Not undone:",
                "  nothing",
            ],
        ),
        (
            "UPDATE_ROLLBACK_FAILED",
            {"a": "UPDATE_FAILED", "b": "CREATE_COMPLETE"},
            [
                "AWS could not roll the change back, the stack is UPDATE_ROLLBACK_FAILED:",
                "  AWS::S3::Bucket acme-a (UPDATE_FAILED)",
            ],
        ),
    ],
)
def test_what_a_failed_change_has_left_is_told_resource_by_resource(
    account: Account, status: str, resources: dict[str, str], told: list[str]
) -> None:
    stacks = account.stub("cloudformation")
    stacks.add_response("describe_stacks", _stack(status))
    listed = [_resource(*each) for each in resources.items()]
    stacks.add_response("list_stack_resources", {"StackResourceSummaries": listed})
    assert (
        list(carry_out.rollback(account.cloud.make_client("cloudformation"), "acme-lake")) == told
    )
