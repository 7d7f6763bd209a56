"""A pipeline as a resource of a CloudFormation stack: made, changed in place, deleted."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.pipelines import CONNECTION, ROLE, Pipelines

KINDS = {
    "Source": ("Source", "CodeStarSourceConnection"),
    "Deploy": ("Deploy", "S3"),
}


def _action(name: str, configuration: dict[str, Any], **artifacts: Any) -> dict[str, Any]:
    category, provider = KINDS[name]
    kind = {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}
    return {"Name": name, "ActionTypeId": kind, "Configuration": configuration, **artifacts}


def _template(name: str, bucket: str, tag: str, *, closed: bool) -> str:
    place = {"ConnectionArn": CONNECTION, "FullRepositoryId": "acme/stack", "BranchName": "main"}
    made, wanted = [{"Name": "SourceArtifact"}], [{"Name": "SourceArtifact"}]
    actions = {
        "Source": _action("Source", place, OutputArtifacts=made, RunOrder="1"),
        "Deploy": _action("Deploy", {"BucketName": bucket, "Extract": True}, InputArtifacts=wanted),
    }
    properties = {
        "Name": name,
        "RoleArn": ROLE,
        "ArtifactStore": {"Type": "S3", "Location": "artifacts"},
        "Stages": [{"Name": stage, "Actions": [action]} for stage, action in actions.items()],
        "Tags": [{"Key": "project", "Value": tag}],
    }
    if closed:
        frozen = {"StageName": "Deploy", "Reason": "frozen"}
        properties["DisableInboundStageTransitions"] = [frozen]
    return json.dumps(
        {
            "Resources": {
                "Pipeline": {"Type": "AWS::CodePipeline::Pipeline", "Properties": properties}
            },
            "Outputs": {
                "Name": {"Value": {"Ref": "Pipeline"}},
                "Version": {"Value": {"Fn::GetAtt": ["Pipeline", "Version"]}},
            },
        }
    )


def test_a_stack_makes_changes_and_deletes_a_pipeline(edge: Any) -> None:
    pipelines, stacks = Pipelines(edge.client), edge.client("cloudformation")
    name = f"stacked-{uuid.uuid4().hex[:8]}"

    def applied(operation: str, template: str) -> dict[str, str]:
        getattr(stacks, f"{operation}_stack")(StackName=name, TemplateBody=template)
        stacks.get_waiter(f"stack_{operation}_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1}
        )
        outputs = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    assert applied("create", _template(name, "one", "6", closed=True)) == {
        "Name": name,
        "Version": "1",
    }
    arn = pipelines.api.get_pipeline(name=name)["metadata"]["pipelineArn"]
    deploy = pipelines.api.get_pipeline_state(name=name)["stageStates"][1]
    assert deploy["inboundTransitionState"]["disabledReason"] == "frozen"

    assert applied("update", _template(name, "two", "7", closed=False))["Version"] == "2"
    stages = pipelines.api.get_pipeline(name=name)["pipeline"]["stages"]
    assert stages[1]["actions"][0]["configuration"] == {"BucketName": "two", "Extract": "true"}
    deploy = pipelines.api.get_pipeline_state(name=name)["stageStates"][1]
    assert deploy["inboundTransitionState"]["enabled"]
    tags = pipelines.api.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "project", "value": "7"}]

    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    with pytest.raises(ClientError, match="PipelineNotFoundException"):
        pipelines.api.get_pipeline(name=name)
