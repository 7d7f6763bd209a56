"""Executions of a pipeline: stopped, superseded, queued, held back."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.support.errors import code
from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines, deploy, source, stage
from tests.support.state_machines import until


def test_a_run_is_stopped_at_once_or_after_its_action(
    pipelines: Pipelines, bucket: str, held: str
) -> None:
    pipelines.token(held, "Release")
    first = pipelines.executions(held)[0]["pipelineExecutionId"]
    stop = {"pipelineName": held, "reason": "a mistake"}

    pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=first, abandon=True)
    assert pipelines.end(held, first)["status"] == "Stopped"
    assert pipelines.action(held, "Release", "Approve")["status"] == "Abandoned"
    with pytest.raises(ClientError) as ended:
        pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=first)
    assert code(ended) == "PipelineExecutionNotStoppableException"

    second = pipelines.start(held)
    pipelines.token(held, "Release")
    pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=second)
    assert pipelines.execution(held, second)["status"] == "Stopping"
    with pytest.raises(ClientError) as again:
        pipelines.api.stop_pipeline_execution(**stop, pipelineExecutionId=second)
    assert code(again) == "DuplicatedStopRequestException"
    pipelines.answer(held, "Release", "Approved")
    assert pipelines.end(held, second)["status"] == "Stopped"
    assert pipelines.executions(held)[0]["stopTrigger"] == {"reason": "a mistake"}
    assert pipelines.objects(bucket) == {}


def test_the_newest_waiting_run_supersedes_the_others_and_a_repeated_token_starts_none(
    pipelines: Pipelines, held: str
) -> None:
    pipelines.token(held, "Release")
    first = pipelines.executions(held)[0]["pipelineExecutionId"]
    second, third = pipelines.start(held), pipelines.start(held, clientRequestToken="once")
    assert pipelines.start(held, clientRequestToken="once") == third

    assert pipelines.end(held, second)["status"] == "Superseded"
    state = pipelines.api.get_pipeline_state(name=held)["stageStates"][1]
    assert state["latestExecution"]["pipelineExecutionId"] == first
    until(
        lambda: pipelines.api.get_pipeline_state(name=held)["stageStates"][1],
        lambda found: found.get("inboundExecution", {}).get("pipelineExecutionId") == third,
    )
    pipelines.answer(held, "Release", "Approved")
    assert pipelines.end(held, first)["status"] == "Succeeded"
    until(
        lambda: pipelines.api.get_pipeline_state(name=held)["stageStates"][1]["latestExecution"],
        lambda found: found["pipelineExecutionId"] == third,
    )
    pipelines.answer(held, "Release", "Approved")
    assert pipelines.end(held, third)["status"] == "Succeeded"
    assert len(pipelines.executions(held)) == 3


def test_queued_runs_all_go_in_their_order(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    name = pipelines.create(
        stage("Source", source(repository)),
        stage("Deploy", deploy(bucket)),
        pipelineType="V2",
        executionMode="QUEUED",
    )

    started = [pipelines.start(name) for _ in range(3)]

    assert {pipelines.end(name, one)["status"] for one in started} == {"Succeeded"}


def test_a_disabled_transition_holds_a_run_back(
    pipelines: Pipelines, bucket: str, repository: str, tree: WorkTree
) -> None:
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    pipelines.newest_end(name)
    where = {"pipelineName": name, "stageName": "Deploy", "transitionType": "Inbound"}
    pipelines.api.disable_stage_transition(**where, reason="frozen")
    tree.push_files("First", {"a.txt": "1"})

    state = until(
        lambda: pipelines.api.get_pipeline_state(name=name)["stageStates"][1],
        lambda found: "inboundExecution" in found,
    )
    assert state["inboundTransitionState"]["disabledReason"] == "frozen"
    assert pipelines.objects(bucket) == {}

    pipelines.api.enable_stage_transition(**where)
    assert pipelines.newest_end(name, 2)["status"] == "Succeeded"
    assert pipelines.objects(bucket) == {"a.txt": b"1"}
