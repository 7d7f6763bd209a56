"""AWS::Glue: the resource types of Glue as one table, and the provider that they share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import glue_requests as requests
from services.edge.cloudformation import shapes, tags

Model = dict[str, Any]


@dataclass(frozen=True)
class GlueType:
    """How the requests of Glue's calls follow from a resource's properties.

    `create` and `find` (of Get and Delete) take the properties, `update` those before and after.
    `taken_over` is where List answers what was made for this stack just before the edge ended.
    """

    noun: str
    create: Callable[[Model], Model]
    find: Callable[[Model], Model]
    update: Callable[[Model, Model], Model]
    identifier: str = "Name"
    name: Callable[[Model], str | None] = lambda model: model.get("Name")
    is_tagged: bool = True
    taken_over: str | None = None

    def call(self, glue: Any, verb: str, request: Model) -> Model:
        """`verb` is of the client's methods: create, get, update, delete."""
        answer: Model = getattr(glue, f"{verb}_{self.noun.lower()}")(**request)
        return answer

    def identified(self, request: ResourceRequest) -> Model:
        """The properties with the identifier: as named, as before, or made of the logical id."""
        model, before = request.desired_state, request.previous_state or {}
        name = (
            self.name(model)
            or before.get(self.identifier)
            or provider_utils.generate_default_name(request.stack_name, request.logical_resource_id)
        )
        # The catalog's names are in lower case.
        return {**model, self.identifier: name if self.is_tagged else name.lower()}


def schema(noun: str, identifier: str, fixed: tuple[str, ...], **properties: Model) -> Model:
    """`fixed` are the properties whose change makes a new resource."""
    return {
        "typeName": f"AWS::Glue::{noun}",
        "properties": {**shapes.properties("glue", f"Create{noun}"), **properties},
        "primaryIdentifier": [f"/properties/{identifier}"],
        "createOnlyProperties": [f"/properties/{name}" for name in fixed],
    }


class GlueResource(ResourceProvider):
    SCHEMA: ClassVar[Model]
    glue_type: ClassVar[GlueType]

    def create(self, request: ResourceRequest) -> ProgressEvent:
        own, glue = self.glue_type, request.aws_client_factory.glue
        model = own.identified(request)
        if own.taken_over and model["Name"] in self._left_behind(glue, request):
            own.call(glue, "delete", own.find(model))
        asked = own.create(model)
        if own.is_tagged:
            asked["Tags"] = {**(model.get("Tags") or {}), **tags.owner(request)}
        own.call(glue, "create", asked)
        return done(model)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        own, model = self.glue_type, request.desired_state
        own.call(request.aws_client_factory.glue, "get", own.find(model))
        return done(model)

    def update(self, request: ResourceRequest) -> ProgressEvent:
        own, glue = self.glue_type, request.aws_client_factory.glue
        before: Model = request.previous_state or {}
        model = own.identified(request)
        own.call(glue, "update", own.update(before, model))
        if own.is_tagged:
            tags.change_glue(request, own.noun.lower(), before, model)
        return done(model)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        own, glue = self.glue_type, request.aws_client_factory.glue
        with suppress(glue.exceptions.EntityNotFoundException):  # gone already
            own.call(glue, "delete", own.find(request.desired_state))
        return done({})

    def _left_behind(self, glue: Any, request: ResourceRequest) -> list[str]:
        own = self.glue_type
        listed = getattr(glue, f"list_{own.noun.lower()}s")(Tags=tags.owner(request))
        return list(listed[own.taken_over])


class CrawlerProvider(GlueResource):
    """A crawler of the Glue provider, made, changed in place and deleted."""

    SCHEMA = schema("Crawler", "Name", ("Name",), Schedule={})
    glue_type = GlueType(
        "Crawler",
        create=requests.crawler,
        find=requests.by_name,
        update=requests.crawler_update,
        taken_over="CrawlerNames",
    )

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        """A crawler that is running is stopped first."""
        glue = request.aws_client_factory.glue
        try:
            return super().delete(request)
        except glue.exceptions.CrawlerRunningException:
            name = request.desired_state["Name"]
            if glue.get_crawler(Name=name)["Crawler"]["State"] == "RUNNING":
                glue.stop_crawler(Name=name)
            return ProgressEvent(
                status=OperationStatus.IN_PROGRESS, resource_model=request.desired_state
            )


class DatabaseProvider(GlueResource):
    """A database of the Data Catalog; deleting it deletes its tables."""

    SCHEMA = schema("Database", "DatabaseName", ("DatabaseName",))
    glue_type = GlueType(
        "Database",
        create=requests.database,
        find=lambda model: {"Name": model["DatabaseName"]},
        update=requests.database_update,
        identifier="DatabaseName",
        name=requests.database_name,
        is_tagged=False,
    )


class JobProvider(GlueResource):
    """A job of the Glue provider, made, changed in place and deleted by a stack."""

    SCHEMA = schema("Job", "Name", ("Name",))
    glue_type = GlueType(
        "Job",
        create=dict,
        find=lambda model: {"JobName": model["Name"]},
        update=requests.job_update,
        taken_over="JobNames",
    )


class TableProvider(GlueResource):
    """A table of the Data Catalog; a changed definition makes a new version."""

    SCHEMA: ClassVar[Model] = {
        **schema("Table", "Id", ("CatalogId", "DatabaseName", "TableInput/Name")),
        "readOnlyProperties": ["/properties/Id"],
    }
    glue_type = GlueType(
        "Table",
        create=requests.table,
        find=lambda model: {"DatabaseName": model["DatabaseName"], "Name": model["Id"]},
        update=lambda _, model: requests.table(model),
        identifier="Id",
        name=lambda model: model["TableInput"].get("Name"),
        is_tagged=False,
    )


class TriggerProvider(GlueResource):
    """Made, changed in place, deleted; StartOnCreation counts when it is made."""

    SCHEMA = schema("Trigger", "Name", ("Name", "Type", "WorkflowName"))
    glue_type = GlueType(
        "Trigger", create=dict, find=requests.by_name, update=requests.trigger_update
    )


class WorkflowProvider(GlueResource):
    """A workflow of the Glue provider, made, changed in place and deleted."""

    SCHEMA = schema("Workflow", "Name", ("Name",))
    glue_type = GlueType(
        "Workflow", create=dict, find=requests.by_name, update=requests.workflow_update
    )


def done(model: Model) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
