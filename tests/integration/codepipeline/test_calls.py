"""Calls on pipelines and repositories: versions, refusals, tags."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.errors import code
from tests.support.git_client import WorkTree
from tests.support.pipelines import Pipelines, action, approval, declaration, deploy, source, stage


def test_versions_are_kept_and_an_update_counts_them(
    pipelines: Pipelines, bucket: str, repository: str
) -> None:
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    changed = declaration(
        name, stage("Source", source(repository)), stage("Ship", deploy(bucket)), version=7
    )

    assert pipelines.api.update_pipeline(pipeline=changed)["pipeline"]["version"] == 2

    found = pipelines.api.get_pipeline(name=name)
    assert [s["name"] for s in found["pipeline"]["stages"]] == ["Source", "Ship"]
    assert found["metadata"]["pipelineArn"] == f"arn:aws:codepipeline:us-east-1:000000000000:{name}"
    old = pipelines.api.get_pipeline(name=name, version=1)["pipeline"]
    assert [s["name"] for s in old["stages"]] == ["Source", "Deploy"]
    with pytest.raises(ClientError) as error:
        pipelines.api.get_pipeline(name=name, version=3)
    assert code(error) == "PipelineVersionNotFoundException"


def test_what_does_not_exist_is_named(pipelines: Pipelines, bucket: str, repository: str) -> None:
    api = pipelines.api
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    nobody = str(uuid.uuid4())
    execution = {"pipelineName": name, "pipelineExecutionId": nobody}
    transition = {"pipelineName": name, "stageName": "None", "transitionType": "Inbound"}
    result = {"summary": "", "status": "Approved"}
    refusals = [
        ("PipelineNotFoundException", lambda: api.get_pipeline(name="nobody")),
        ("PipelineNotFoundException", lambda: api.start_pipeline_execution(name="nobody")),
        ("PipelineNotFoundException", lambda: api.get_pipeline_state(name="nobody")),
        ("PipelineExecutionNotFoundException", lambda: api.get_pipeline_execution(**execution)),
        ("StageNotFoundException", lambda: api.enable_stage_transition(**transition)),
        (
            "ActionNotFoundException",
            lambda: api.put_approval_result(
                pipelineName=name, stageName="Deploy", actionName="x", result=result, token=nobody
            ),
        ),
        ("InvalidNextTokenException", lambda: api.list_pipelines(nextToken="x")),
        (
            "ValidationException",
            lambda: api.list_pipeline_executions(pipelineName=name, maxResults=101),
        ),
        ("InvalidArnException", lambda: api.list_tags_for_resource(resourceArn="arn:x")),
        (
            "PipelineNameInUseException",
            lambda: api.create_pipeline(
                pipeline=declaration(
                    name, stage("Source", source(repository)), stage("Deploy", deploy(bucket))
                )
            ),
        ),
    ]
    for expected, call in refusals:
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == expected
    assert api.delete_pipeline(name="nobody")


def test_a_structure_that_cannot_run_is_refused_and_nothing_is_made(
    pipelines: Pipelines, repository: str
) -> None:
    name = f"refused-{uuid.uuid4().hex[:8]}"
    build = action("Build", "CodeBuild", "Build", configuration={"ProjectName": "p"})

    with pytest.raises(ClientError) as alone:
        pipelines.api.create_pipeline(pipeline=declaration(name, stage("S", source(repository))))
    with pytest.raises(ClientError) as built:
        pipelines.api.create_pipeline(
            pipeline=declaration(name, stage("S", source(repository)), stage("B", build))
        )
    with pytest.raises(ClientError) as role:
        whole = declaration(name, stage("S", source(repository)), stage("A", approval()))
        stranger = "arn:aws:iam::000000000000:role/nobody"
        pipelines.api.create_pipeline(pipeline={**whole, "roleArn": stranger})

    assert code(alone) == "InvalidStructureException"
    assert code(built) == "InvalidActionDeclarationException"
    assert "Deploy/S3" in built.value.response["Error"]["Message"]
    assert code(role) == "InvalidStructureException"
    assert name not in [p["name"] for p in pipelines.api.list_pipelines()["pipelines"]]


def test_a_deleted_pipeline_takes_its_runs_with_it(
    pipelines: Pipelines, repository: str, tree: WorkTree
) -> None:
    tree.push_files("First", {"a.txt": "1"})
    stages = (stage("Source", source(repository)), stage("Release", approval()))
    name = pipelines.create(*stages)
    pipelines.token(name, "Release")

    pipelines.api.delete_pipeline(name=name)
    pipelines.api.create_pipeline(pipeline=declaration(name, *stages))
    pipelines.token(name, "Release")

    assert len(pipelines.executions(name)) == 1


def test_tags_are_set_changed_and_removed(
    pipelines: Pipelines, bucket: str, repository: str
) -> None:
    name = pipelines.create(stage("Source", source(repository)), stage("Deploy", deploy(bucket)))
    arn = pipelines.api.get_pipeline(name=name)["metadata"]["pipelineArn"]

    pipelines.api.tag_resource(
        resourceArn=arn, tags=[{"key": "project", "value": "6"}, {"key": "a", "value": "b"}]
    )
    pipelines.api.untag_resource(resourceArn=arn, tagKeys=["a"])

    tags = pipelines.api.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "project", "value": "6"}]


def test_a_repository_is_cloned_as_it_was_pushed_and_no_path_leads_out(
    edge: Any, repository: str, tree: WorkTree, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 8192  # 2 MiB: git sends it in chunks
    tree.push_files("Large", {"deep/er/large.bin": content})

    tree.git("clone", "--quiet", f"{edge.url}/_git/{repository}.git", str(tmp_path / "clone"))

    assert (tmp_path / "clone/deep/er/large.bin").read_bytes() == content
    for path in ("acme/none", "a/../../b", "..%2F..%2Fetc/x"):
        answer = requests.get(
            f"{edge.url}/_git/{path}.git/info/refs?service=git-upload-pack", timeout=10
        )
        assert answer.status_code == 404
