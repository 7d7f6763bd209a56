"""AWS::Glue::Table: a table of the Data Catalog; a changed definition makes a new version."""

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


class TableProvider(ResourceProvider):
    TYPE = "AWS::Glue::Table"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-table.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "properties": shapes.properties("glue", "CreateTable"),
        "primaryIdentifier": ["/properties/Id"],
        "createOnlyProperties": [
            "/properties/CatalogId",
            "/properties/DatabaseName",
            "/properties/TableInput/Name",
        ],
        "readOnlyProperties": ["/properties/Id"],
    }

    def create(self, request: ResourceRequest) -> ProgressEvent:
        model = dict(request.desired_state)
        name = model["TableInput"].get("Name") or provider_utils.generate_default_name(
            request.stack_name, request.logical_resource_id
        )
        model["Id"] = name.lower()
        request.aws_client_factory.glue.create_table(**_request(model))
        return _done(model)

    def read(self, request: ResourceRequest) -> ProgressEvent:
        model = request.desired_state
        found = request.aws_client_factory.glue.get_table(
            DatabaseName=model["DatabaseName"], Name=model["Id"]
        )
        return _done({**model, "TableInput": found["Table"]})

    def update(self, request: ResourceRequest) -> ProgressEvent:
        before: dict[str, Any] = request.previous_state or {}
        model = {**request.desired_state, "Id": before["Id"]}
        request.aws_client_factory.glue.update_table(**_request(model))
        return _done(model)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        glue, model = request.aws_client_factory.glue, request.desired_state
        with suppress(glue.exceptions.EntityNotFoundException):  # gone already
            glue.delete_table(DatabaseName=model["DatabaseName"], Name=model["Id"])
        return _done({})


def _request(model: dict[str, Any]) -> dict[str, Any]:
    """OpenTableFormatInput goes along, for Glue to refuse."""
    asked = {name: value for name, value in model.items() if name not in ("Id", "TableInput")}
    definition = {**model["TableInput"], "Name": model["Id"]}
    return {**asked, "CatalogId": str(model["CatalogId"]), "TableInput": definition}


def _done(model: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
