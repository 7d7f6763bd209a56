"""What a pipeline's declaration must be, before it is stored."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.codepipeline.documents.declarations import declared
from services.edge.codepipeline.errors import PipelineError
from tests.support.pipelines import action, approval, declaration, deploy, invoke, source, stage

SOURCE = stage("Source", source("acme/code"))
DEPLOY = stage("Deploy", deploy("bucket"))


def refusal(*stages: dict[str, Any], **more: Any) -> tuple[str, str]:
    with pytest.raises(PipelineError) as error:
        declared(declaration("p", *stages, **more), 1)
    return error.value.code, error.value.message


def test_defaults_are_those_of_aws() -> None:
    made = declared(declaration("p", SOURCE, DEPLOY), 3)

    assert (made["executionMode"], made["pipelineType"], made["version"]) == ("SUPERSEDED", "V1", 3)
    assert made["stages"][1]["actions"][0] == {
        "name": "Deploy",
        "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "S3", "version": "1"},
        "runOrder": 1,
        "configuration": {"BucketName": "bucket", "Extract": "true"},
        "outputArtifacts": [],
        "inputArtifacts": [{"name": "SourceArtifact"}],
    }


@pytest.mark.parametrize(
    ("stages", "code", "text"),
    [
        ((SOURCE,), "InvalidStructureException", "a minimum of 2 stages"),
        (
            (stage("A", approval()), DEPLOY),
            "InvalidStructureException",
            "should start with a stage that only contains source actions",
        ),
        (
            (SOURCE, stage("More", {**source("acme/other"), "name": "Other"})),
            "InvalidStructureException",
            "source actions are available in the first stage only",
        ),
        ((SOURCE, DEPLOY, DEPLOY), "InvalidStageDeclarationException", "'Deploy' is used more"),
        ((SOURCE, stage("Empty")), "InvalidStageDeclarationException", "from 1 to 50 actions"),
        ((SOURCE, stage("a b", approval())), "InvalidStageDeclarationException", "found 'a b'"),
        (
            (SOURCE, stage("Twice", approval(), approval())),
            "InvalidActionDeclarationException",
            "'Approve' is used more than once",
        ),
        (
            (SOURCE, stage("Build", action("Build", "CodeBuild", "B"))),
            "InvalidActionDeclarationException",
            "Provider: 'CodeBuild', Owner: 'AWS', Version: '1') in action 'B' is not available",
        ),
        (
            (SOURCE, stage("Go", invoke("f", "x", "Go") | {"region": "eu-west-1"})),
            "InvalidActionDeclarationException",
            "region is not available here",
        ),
        (
            (stage("Source", source("acme")), DEPLOY),
            "InvalidActionDeclarationException",
            "expected 'FullRepositoryId' to be",
        ),
        (
            (
                stage("Source", source("acme/code", OutputArtifactFormat="CODEBUILD_CLONE_REF")),
                DEPLOY,
            ),
            "InvalidActionDeclarationException",
            "to be one of CODE_ZIP",
        ),
        (
            (SOURCE, stage("Deploy", deploy("b", Extract="false"))),
            "InvalidActionDeclarationException",
            "missing required configuration 'ObjectKey'",
        ),
        (
            (SOURCE, stage("Deploy", deploy("b", Colour="red"))),
            "InvalidActionDeclarationException",
            "unknown configuration 'Colour'",
        ),
        (
            (SOURCE, stage("Deploy", deploy("b") | {"inputArtifacts": [{"name": "Other"}]})),
            "InvalidActionDeclarationException",
            "Input Artifact Bundle Other in action Deploy is not declared",
        ),
        (
            (SOURCE, stage("Deploy", deploy("b") | {"inputArtifacts": []})),
            "InvalidActionDeclarationException",
            "must have from 1 to 1 input artifacts, found 0",
        ),
        (
            (SOURCE, stage("Guarded", approval()) | {"onFailure": {"result": "ROLLBACK"}}),
            "InvalidStageDeclarationException",
            "onFailure is not available here",
        ),
    ],
)
def test_a_declaration_that_cannot_run_is_refused_with_its_fault(
    stages: tuple[dict[str, Any], ...], code: str, text: str
) -> None:
    found, message = refusal(*stages)

    assert found == code
    assert text in message


def test_an_artifact_has_one_maker() -> None:
    two = stage("Source", source("acme/a"), {**source("acme/b"), "name": "Other"})

    assert "SourceArtifact has been used more than once" in refusal(two, DEPLOY)[1]


def test_the_kinds_of_a_pipeline_are_those_that_run_here() -> None:
    assert (
        "type V1 has executionMode SUPERSEDED" in refusal(SOURCE, DEPLOY, executionMode="QUEUED")[1]
    )
    assert "triggers is not available" in refusal(SOURCE, DEPLOY, triggers=[{"x": 1}])[1]
    kept = declared(
        declaration("p", SOURCE, DEPLOY, executionMode="PARALLEL", pipelineType="V2"), 1
    )
    assert (kept["executionMode"], kept["pipelineType"]) == ("PARALLEL", "V2")
