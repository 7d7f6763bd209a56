"""The function that starts the code pipeline, against botocore's own CodePipeline model."""

from __future__ import annotations

import importlib
import sys

import boto3
import pytest
from botocore.stub import Stubber

from lake.settings import ROOT

sys.path.insert(0, str(ROOT / "services" / "lambdas"))
trigger = importlib.import_module("project6-trigger-code-pipeline")
sys.path.pop(0)

NAME = "project6-codepipeline"
ID = "00000000-0000-4000-8000-000000000001"


class Context:
    """Has time left for `polls` more questions."""

    def __init__(self, polls: int = 100):
        self._polls = polls

    def get_remaining_time_in_millis(self):
        self._polls -= 1
        return 60_000 if self._polls >= 0 else 4_000


@pytest.fixture
def pipeline(monkeypatch):
    monkeypatch.setenv("POLL_SECONDS", "0")
    client = boto3.client(
        "codepipeline", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    monkeypatch.setenv("PIPELINE_NAME", NAME)
    monkeypatch.setattr(trigger, "codepipeline", lambda: client)
    with Stubber(client) as stubber:
        stubber.add_response(
            "start_pipeline_execution", {"pipelineExecutionId": ID}, {"name": NAME}
        )
        yield stubber
        stubber.assert_no_pending_responses()


def answers(stubber: Stubber, *statuses: str) -> None:
    for status in statuses:
        stubber.add_response(
            "get_pipeline_execution",
            {"pipelineExecution": {"pipelineExecutionId": ID, "status": status}},
            {"pipelineName": NAME, "pipelineExecutionId": ID},
        )


def test_it_waits_until_the_execution_has_succeeded(pipeline):
    pipeline.add_client_error("get_pipeline_execution", "PipelineExecutionNotFoundException")
    answers(pipeline, "InProgress", "InProgress", "Succeeded")

    assert trigger.lambda_handler({}, Context()) == {
        "pipeline": NAME,
        "execution_id": ID,
        "status": "Succeeded",
    }


def test_it_asks_soon_at_first_and_then_at_most_as_often_as_is_set(pipeline, monkeypatch):
    pauses = []
    monkeypatch.setattr(trigger.time, "sleep", pauses.append)
    monkeypatch.setenv("POLL_SECONDS", "1")
    answers(pipeline, *["InProgress"] * 5, "Succeeded")

    trigger.lambda_handler({}, Context())

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1, 1]


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Cancelled"])
def test_every_other_end_is_an_error_that_names_it_and_the_failed_action(pipeline, status):
    answers(pipeline, "InProgress", status)
    error = {"code": "ConfigurationError", "message": "No Branch [deploy] found"}
    failed = {"errorDetails": error}
    pipeline.add_response(
        "list_action_executions",
        {
            "actionExecutionDetails": [
                {"actionName": "Deploy", "status": "Abandoned"},
                {"actionName": "Source", "status": "Failed", "output": {"executionResult": failed}},
            ]
        },
        {"pipelineName": NAME, "filter": {"pipelineExecutionId": ID}},
    )

    with pytest.raises(trigger.PipelineError) as raised:
        trigger.lambda_handler({}, Context())

    assert f"to succeed, found {status}; action Source: No Branch [deploy] found" in str(
        raised.value
    )


def test_a_superseded_execution_is_left_for_the_newest_one(pipeline):
    newer = "00000000-0000-4000-8000-000000000002"
    answers(pipeline, "Superseded")
    pipeline.add_response(
        "list_pipeline_executions",
        {"pipelineExecutionSummaries": [{"pipelineExecutionId": newer, "status": "InProgress"}]},
        {"pipelineName": NAME, "maxResults": 1},
    )
    pipeline.add_response(
        "get_pipeline_execution",
        {"pipelineExecution": {"pipelineExecutionId": newer, "status": "Succeeded"}},
        {"pipelineName": NAME, "pipelineExecutionId": newer},
    )

    assert trigger.lambda_handler({}, Context())["execution_id"] == newer


def test_it_says_so_where_its_own_time_runs_out(pipeline):
    answers(pipeline, "InProgress", "InProgress")

    with pytest.raises(
        trigger.PipelineError, match="still InProgress near this function's timeout"
    ):
        trigger.lambda_handler({}, Context(polls=2))
