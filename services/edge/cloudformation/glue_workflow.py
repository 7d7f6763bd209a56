"""AWS::Glue::Workflow: a workflow of the Glue provider, made, changed in place and deleted."""

from __future__ import annotations

from typing import Any, ClassVar

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import shapes, tags


class WorkflowProvider(ResourceProvider):
    TYPE = "AWS::Glue::Workflow"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-workflow.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": shapes.properties("glue", "CreateWorkflow"),
        "primaryIdentifier": ["/properties/Name"],
        "createOnlyProperties": ["/properties/Name"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        workflow = dict(request.desired_state)
        workflow.setdefault(
            "Name",
            provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
        )
        owned = {
            **(workflow.get("Tags") or {}),
            **tags.owner(request),
        }
        request.aws_client_factory.glue.create_workflow(**{**workflow, "Tags": owned})
        return _done(workflow)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        name = request.desired_state["Name"]
        return _done(request.aws_client_factory.glue.get_workflow(Name=name)["Workflow"])

    def update(self, request: ResourceRequest) -> ProgressEvent:
        before: dict[str, Any] = request.previous_state or {}
        workflow = {**request.desired_state, "Name": before["Name"]}
        definition = {name: value for name, value in workflow.items() if name != "Tags"}
        # UpdateWorkflow keeps what it is not told: what has left the template is emptied.
        definition.setdefault("Description", "")
        definition.setdefault("DefaultRunProperties", {})
        request.aws_client_factory.glue.update_workflow(**definition)
        tags.change_glue(request, "workflow", before, workflow)
        return _done(workflow)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        request.aws_client_factory.glue.delete_workflow(Name=request.desired_state["Name"])
        return _done({})


def _done(workflow: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=workflow)
