"""One action on one resource of a stack, by its type's provider, told in the stack's events."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api.cloudformation import ChangeAction, ResourceStatus
from localstack.services.cloudformation.engine.v2.change_set_model_executor import (
    ChangeSetModelExecutor,
)
from localstack.services.cloudformation.engine.v2.change_set_model_preproc import PreprocProperties
from localstack.services.cloudformation.resource_provider import OperationStatus

from services.edge.cloudformation import coercion, records, replacements
from services.edge.cloudformation.records import Model, Record
from services.edge.cloudformation.refusals import RefusedError

LOG = logging.getLogger(__name__)


class ActionError(Exception):
    """A resource could not be made, changed or deleted; the message is the reason in the events.

    `partly` tells that something may have been changed before it failed.
    """

    def __init__(self, reason: str, *, partly: bool = False) -> None:
        super().__init__(reason)
        self.partly = partly


class Actions(ChangeSetModelExecutor):
    """LocalStack's executor with its way to the resource types, and nothing of its own records."""

    def create(self, record: Record) -> Record:
        self.tell(record, "CREATE_IN_PROGRESS")
        try:
            properties, physical_id = self.run(ChangeAction.Add, record, None, record["Inputs"])
        except ActionError as error:
            self.tell(record, "CREATE_FAILED", str(error))
            raise
        whole = records.done(record, "CREATE_COMPLETE", properties, physical_id)
        self.tell(whole, "CREATE_IN_PROGRESS", "Resource creation Initiated")
        self.tell(whole, "CREATE_COMPLETE")
        return whole

    def adopt(self, record: Record, properties: Model) -> Record:
        """What is there already, as it is, as a resource of the stack."""
        whole = records.done(record, "IMPORT_COMPLETE", properties, properties["BucketName"])
        self.tell(whole, "IMPORT_IN_PROGRESS", "Resource import Initiated")
        self.tell(whole, "IMPORT_COMPLETE")
        return whole

    def change(self, record: Record, before: Record) -> Record:
        """The resource of `before`, now with the inputs of `record`."""
        shown = {**record, "PhysicalResourceId": before.get("PhysicalResourceId")}
        self.tell(shown, "UPDATE_IN_PROGRESS")
        try:
            properties, physical_id = self.run(
                ChangeAction.Modify, record, before["Properties"], record["Inputs"]
            )
        except ActionError as error:
            self.tell(shown, "UPDATE_FAILED", str(error))
            raise
        whole = records.done(record, "UPDATE_COMPLETE", properties, physical_id)
        self.tell(whole, "UPDATE_COMPLETE")
        return whole

    def replace(self, record: Record, before: Record) -> Record:
        """A new resource; the old one stays until the whole update has succeeded."""
        shown = {**record, "PhysicalResourceId": before.get("PhysicalResourceId")}
        reason = "Requested update requires the creation of a new physical resource"
        self.tell(shown, "UPDATE_IN_PROGRESS", f"{reason}; hence creating one.")
        try:
            self._check_name(record, before)
            properties, physical_id = self.run(ChangeAction.Add, record, None, record["Inputs"])
        except ActionError as error:
            self.tell(shown, "UPDATE_FAILED", str(error))
            raise
        whole = records.done(record, "UPDATE_COMPLETE", properties, physical_id)
        self.tell(whole, "UPDATE_COMPLETE")
        return whole

    def _check_name(self, record: Record, before: Record) -> None:
        provider: Any = self.resource_provider_executor.try_load_resource_provider(record["Type"])
        schema, was, now = provider.SCHEMA, records.inputs(before), record["Inputs"]
        if name := replacements.custom_name(schema, was, now):
            raise ActionError(
                "CloudFormation cannot update a stack when a custom-named resource requires"
                f" replacing. Rename {name} and update the stack again."
            )

    def attempted(self, record: Record, former: Record) -> Record:
        """What a resource may be like after a change that failed: undone from there."""
        provider: Any = self.resource_provider_executor.try_load_resource_provider(record["Type"])
        properties = _with_read_only(provider.SCHEMA, former["Properties"], record["Inputs"])
        return {**record, "Properties": properties}

    def delete(self, record: Record, *, current: bool = True) -> None:
        """`current` is false for what was replaced: its name stands for the new resource."""
        self.tell(record, "DELETE_IN_PROGRESS", current=current)
        try:
            self.run(ChangeAction.Remove, record, record.get("Properties") or {}, None)
        except ActionError as error:
            self.tell(record, "DELETE_FAILED", str(error), current=current)
            raise
        self.tell(record, "DELETE_COMPLETE", current=current)

    def keep(self, record: Record, *, current: bool = True) -> None:
        self.tell(record, "DELETE_SKIPPED", current=current)

    def run(
        self, action: ChangeAction, record: Record, before: Model | None, after: Model | None
    ) -> tuple[Model, str | None]:
        """The resource's properties and physical id afterwards."""
        kind = record["Type"]
        provider: Any = self.resource_provider_executor.try_load_resource_provider(kind)
        if provider is None:
            raise ActionError(f"Resource type {kind} is not supported by this stack")
        payload = self.create_resource_provider_payload(
            action=action,
            logical_resource_id=record["LogicalResourceId"],
            resource_type=kind,
            before_properties=_given(before),
            after_properties=_given(coercion.as_declared(provider.SCHEMA, after or {})),
        )
        found: Model = {}
        event = _event(
            lambda: self.resource_provider_executor.deploy_loop(provider, found, payload)
        )
        if event.status != OperationStatus.SUCCESS:
            raise ActionError(event.message or f"{kind}: no reason given", partly=True)
        properties = _with_read_only(provider.SCHEMA, before or {}, event.resource_model or {})
        return properties, found.get("PhysicalResourceId")

    def tell(
        self, record: Record, status: str, reason: str | None = None, *, current: bool = True
    ) -> None:
        """An event, and the state that DescribeStackResources shows of a current resource."""
        stack, name = self._change_set.stack, record["LogicalResourceId"]
        told = {
            "physical_resource_id": record.get("PhysicalResourceId") or "",
            "resource_type": record["Type"],
        }
        if not current or status in ("DELETE_COMPLETE", "DELETE_SKIPPED"):
            if current:
                stack.resource_states.pop(name, None)
            stack._store_event(
                resource_id=name, status=ResourceStatus(status), status_reason=reason, **told
            )
            return
        stack.set_resource_status(
            logical_resource_id=name,
            status=ResourceStatus(status),
            resource_status_reason=reason,
            **told,
        )


def _event(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except RefusedError as error:
        raise ActionError(str(error)) from error
    except ClientError as error:
        raise ActionError(str(error), partly=True) from error
    except Exception as error:
        LOG.warning("A resource provider failed", exc_info=True)
        raise ActionError(f"{type(error).__name__}: {error}", partly=True) from error


def _given(properties: Model | None) -> Any:
    return PreprocProperties(properties=copy.deepcopy(properties)) if properties else None


def _with_read_only(schema: Model, before: Model, after: Model) -> Model:
    """LocalStack's updates forget what only creating gives, such as the ARN."""
    paths = [*schema.get("readOnlyProperties", []), *schema.get("primaryIdentifier", [])]
    names = {path.removeprefix("/properties/") for path in paths}
    return {**{name: before[name] for name in names if name in before}, **after}
