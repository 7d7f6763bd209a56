"""Pipelines for a test: their declarations, and waiting for what becomes of their executions."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

from tests.support.state_machines import until

ROLE = "arn:aws:iam::000000000000:role/codepipeline-tests"
TRUST = (
    '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "codepipeline.amazonaws.com"}}]}'
)
CONNECTION = "arn:aws:codestar-connections:us-east-1:000000000000:connection/tests"
ENDED = ("Succeeded", "Failed", "Stopped", "Superseded")
Declaration = dict[str, Any]


def stage(name: str, *actions: Declaration) -> Declaration:
    return {"name": name, "actions": list(actions)}


def action(category: str, provider: str, name: str, **more: Any) -> Declaration:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, **more}


def source(repository: str, branch: str = "main", **configuration: str) -> Declaration:
    found = {"ConnectionArn": CONNECTION, "FullRepositoryId": repository, "BranchName": branch}
    return action(
        "Source",
        "CodeStarSourceConnection",
        "Source",
        configuration={**found, **configuration},
        outputArtifacts=[{"name": "SourceArtifact"}],
        namespace="SourceVariables",
    )


def s3_source(bucket: str, key: str = "code.zip", **configuration: str) -> Declaration:
    return action(
        "Source",
        "S3",
        "Source",
        configuration={"S3Bucket": bucket, "S3ObjectKey": key, **configuration},
        outputArtifacts=[{"name": "SourceArtifact"}],
        namespace="SourceVariables",
    )


def deploy(bucket: str, **configuration: str) -> Declaration:
    return action(
        "Deploy",
        "S3",
        "Deploy",
        configuration={"BucketName": bucket, "Extract": "true", **configuration},
        inputArtifacts=[{"name": "SourceArtifact"}],
    )


def approval(name: str = "Approve", **more: Any) -> Declaration:
    return action("Approval", "Manual", name, **more)


def invoke(function: str, parameters: str = "none", name: str = "Invoke") -> Declaration:
    return action(
        "Invoke",
        "Lambda",
        name,
        configuration={"FunctionName": function, "UserParameters": parameters},
        inputArtifacts=[{"name": "SourceArtifact"}],
        namespace="InvokeVariables",
    )


def declaration(name: str, *stages: Declaration, **more: Any) -> Declaration:
    store = {"type": "S3", "location": "artifacts"}
    return {"name": name, "roleArn": ROLE, "artifactStore": store, "stages": list(stages), **more}


class Pipelines:
    """CodePipeline on a stack, with the role and the artifact bucket that every pipeline needs."""

    def __init__(self, client: Any) -> None:
        self.api = client("codepipeline")
        self.s3 = client("s3")
        self._lambda = client("lambda")
        iam = client("iam")
        if "codepipeline-tests" not in [r["RoleName"] for r in iam.list_roles()["Roles"]]:
            iam.create_role(RoleName="codepipeline-tests", AssumeRolePolicyDocument=TRUST)
        self.s3.create_bucket(Bucket="artifacts")

    def create(self, *stages: Declaration, **more: Any) -> str:
        name = f"pipeline-{uuid.uuid4().hex[:8]}"
        self.api.create_pipeline(pipeline=declaration(name, *stages, **more))
        return name

    def executions(self, name: str) -> list[dict[str, Any]]:
        """Newest first."""
        found = self.api.list_pipeline_executions(pipelineName=name)
        return found["pipelineExecutionSummaries"]

    def execution(self, name: str, execution: str) -> dict[str, Any]:
        return self.api.get_pipeline_execution(pipelineName=name, pipelineExecutionId=execution)[
            "pipelineExecution"
        ]

    def start(self, name: str, **more: Any) -> str:
        return self.api.start_pipeline_execution(name=name, **more)["pipelineExecutionId"]

    def end(self, name: str, execution: str) -> dict[str, Any]:
        return until(
            lambda: self.execution(name, execution), lambda found: found["status"] in ENDED, 60
        )

    def newest_end(self, name: str, count: int = 1) -> dict[str, Any]:
        """The newest of `count` executions, once it has ended."""
        found = until(lambda: self.executions(name), lambda e: len(e) >= count, 30)
        return self.end(name, found[0]["pipelineExecutionId"])

    def action(self, name: str, stage_name: str, action_name: str) -> dict[str, Any]:
        """The action's latest execution; empty before the first."""
        for found in self.api.get_pipeline_state(name=name)["stageStates"]:
            if found["stageName"] == stage_name:
                for state in found["actionStates"]:
                    if state["actionName"] == action_name:
                        return state.get("latestExecution", {})
        raise AssertionError(f"{name} has no action {stage_name}/{action_name}")

    def token(self, name: str, stage_name: str, action_name: str = "Approve") -> str:
        """The token of an approval that is waited for."""
        return until(
            lambda: self.action(name, stage_name, action_name), lambda found: "token" in found, 30
        )["token"]

    def answer(self, name: str, stage_name: str, status: str, summary: str = "seen") -> None:
        self.api.put_approval_result(
            pipelineName=name,
            stageName=stage_name,
            actionName="Approve",
            result={"summary": summary, "status": status},
            token=self.token(name, stage_name),
        )

    def function(self, name: str, source_text: str) -> str:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("job.py", source_text)
        self._lambda.create_function(
            FunctionName=name,
            Runtime="python3.11",
            Handler="job.handler",
            Role=ROLE,
            Code={"ZipFile": content.getvalue()},
            Timeout=30,
        )
        self._lambda.get_waiter("function_active_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 1}
        )
        return name

    def objects(self, bucket: str) -> dict[str, bytes]:
        found = self.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {
            entry["Key"]: self.s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
            for entry in found
        }
