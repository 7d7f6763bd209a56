"""Errors of services of this project: of their own kind, and of a class named by their code."""

from __future__ import annotations

from services.edge.aws.errors import AwsError
from services.edge.codepipeline.errors import PipelineError
from services.edge.glue import errors
from services.edge.glue.errors import GlueError


def test_an_error_keeps_its_kind_and_is_called_by_its_code():
    refused = errors.invalid_input("no such worker")
    assert isinstance(refused, GlueError)
    assert (type(refused).__name__, refused.code) == ("InvalidInputException",) * 2
    assert (refused.message, refused.status_code, refused.sender_fault) == (
        "no such worker", 400, True,
    )  # fmt: skip
    assert not isinstance(refused, PipelineError)


def test_members_of_an_error_s_shape_are_attributes():
    told = AwsError("SomeException", "why", status_code=500, ResourceName="arn")
    assert (told.ResourceName, told.sender_fault) == ("arn", False)
