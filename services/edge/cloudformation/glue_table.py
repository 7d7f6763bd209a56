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

from services.edge.cloudformation.parameters import with_texts


class TableProvider(ResourceProvider):
    TYPE = "AWS::Glue::Table"
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-table.html
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "primaryIdentifier": ["/properties/Id"],
        # DatabaseName is one too, but LocalStack takes a Ref to a changed database for a new name,
        # and would delete the table after it failed to make it a second time.
        "createOnlyProperties": [],
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
        """A table of another name, or in another database, takes the former one's place."""
        glue, before = request.aws_client_factory.glue, dict(request.previous_state or {})
        name = request.desired_state["TableInput"].get("Name") or before["Id"]
        model = {**request.desired_state, "Id": name.lower()}
        if _place(model) == _place(before):
            glue.update_table(**_request(model))
        else:
            glue.create_table(**_request(model))
            _delete(glue, before)
        return _done(model)

    def delete(self, request: ResourceRequest) -> ProgressEvent:
        _delete(request.aws_client_factory.glue, request.desired_state)
        return _done({})


def _place(model: dict[str, Any]) -> tuple[str, str]:
    return model["DatabaseName"].lower(), model["Id"]


def _delete(glue: Any, model: dict[str, Any]) -> None:
    with suppress(glue.exceptions.EntityNotFoundException):  # gone already
        glue.delete_table(DatabaseName=model["DatabaseName"], Name=model["Id"])


def _request(model: dict[str, Any]) -> dict[str, Any]:
    """OpenTableFormatInput goes along, for Glue to refuse."""
    asked = {name: value for name, value in model.items() if name not in ("Id", "TableInput")}
    definition = {**model["TableInput"], "Name": model["Id"]}
    return {**asked, "CatalogId": str(model["CatalogId"]), "TableInput": with_texts(definition)}


def _done(model: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)
