"""AWS::Glue::Job: a job of the Glue provider, made, changed in place and deleted by a stack."""

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


class JobProvider(ResourceProvider):
    TYPE = "AWS::Glue::Job"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-job.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": shapes.properties("glue", "CreateJob"),
        "primaryIdentifier": ["/properties/Name"],
        "createOnlyProperties": ["/properties/Name"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        job = dict(request.desired_state)
        job.setdefault(
            "Name",
            provider_utils.generate_default_name(request.stack_name, request.logical_resource_id),
        )
        glue = request.aws_client_factory.glue
        if job["Name"] in glue.list_jobs(Tags=tags.owner(request))["JobNames"]:
            # Made for this very stack when the edge ended, before the stack knew: it is taken over.
            glue.delete_job(JobName=job["Name"])
        glue.create_job(**{**job, "Tags": {**(job.get("Tags") or {}), **tags.owner(request)}})
        return _done(job)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        name = request.desired_state["Name"]
        return _done(request.aws_client_factory.glue.get_job(JobName=name)["Job"])

    def update(self, request: ResourceRequest) -> ProgressEvent:
        glue = request.aws_client_factory.glue
        before: dict[str, Any] = request.previous_state or {}
        job = {**request.desired_state, "Name": before["Name"]}
        definition = {key: value for key, value in job.items() if key not in ("Name", "Tags")}
        glue.update_job(JobName=job["Name"], JobUpdate=definition)
        tags.change_glue(request, "job", before, job)
        return _done(job)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        request.aws_client_factory.glue.delete_job(JobName=request.desired_state["Name"])
        return _done({})


def _done(job: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=job)
