"""AWS::Glue::Database: a database of the Data Catalog; deleting it deletes its tables."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

import localstack.services.cloudformation.provider_utils as provider_utils
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

from services.edge.cloudformation import shapes


class DatabaseProvider(ResourceProvider):
    TYPE = "AWS::Glue::Database"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-database.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": shapes.properties("glue", "CreateDatabase"),
        "primaryIdentifier": ["/properties/DatabaseName"],
        "createOnlyProperties": ["/properties/DatabaseName"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        model = dict(request.desired_state)
        name = _name(model) or provider_utils.generate_default_name(
            request.stack_name, request.logical_resource_id
        )
        model["DatabaseName"] = name.lower()
        request.aws_client_factory.glue.create_database(
            CatalogId=str(model["CatalogId"]), DatabaseInput=_input(model)
        )
        return _done(model)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        name = request.desired_state["DatabaseName"]
        return _done(request.aws_client_factory.glue.get_database(Name=name)["Database"])

    def update(self, request: ResourceRequest) -> ProgressEvent:
        before: dict[str, Any] = request.previous_state or {}
        name = _name(request.desired_state) or before["DatabaseName"]
        model = {**request.desired_state, "DatabaseName": name.lower()}
        # Glue says that it cannot rename a database.
        request.aws_client_factory.glue.update_database(
            Name=before["DatabaseName"], DatabaseInput=_input(model)
        )
        return _done(model)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        glue, name = request.aws_client_factory.glue, request.desired_state["DatabaseName"]
        with suppress(glue.exceptions.EntityNotFoundException):  # gone already
            glue.delete_database(Name=name)
        return _done({})


def _name(model: dict[str, Any]) -> str | None:
    """The type has a property for it beside the input's."""
    return model.get("DatabaseName") or (model.get("DatabaseInput") or {}).get("Name")


def _input(model: dict[str, Any]) -> dict[str, Any]:
    given = dict(model.get("DatabaseInput") or {})
    return {**given, "Name": model["DatabaseName"]}


def _done(model: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
