"""CloudFormation's calls that change stacks; the rest is LocalStack's.

LocalStack 4.9.2's own (localstack/services/cloudformation/v2/provider.py) end complete whatever
happened, change stacks in every state, and leave out OnFailure, RetainResources, protection, tags
and exports that are in use.
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.aws.api.cloudformation import (
    AlreadyExistsException,
    ChangeSetType,
    CreateStackInput,
    CreateStackOutput,
    DeleteStackInput,
    DescribeStacksOutput,
    ListImportsOutput,
    StackStatus,
    UpdateStackInput,
    UpdateStackOutput,
)
from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.services.cloudformation.stores import get_cloudformation_store
from localstack.services.cloudformation.v2.entities import Stack

from services.edge.cloudformation import (
    beginnings,
    deployments,
    exports,
    stack_requests,
    stack_states,
)
from services.edge.cloudformation.beginnings import Before
from services.edge.cloudformation.change_sets import ChangeSetCalls
from services.edge.cloudformation.drift import calls as drift
from services.edge.cloudformation.drift.calls import DriftCalls


class StackProvider(DriftCalls, ChangeSetCalls):
    @handler("CreateStack", expand=False)
    def create_stack(self, context: RequestContext, request: CreateStackInput) -> CreateStackOutput:
        store = get_cloudformation_store(context.account_id, context.region)
        name, options = request["StackName"], stack_requests.options(request)
        if stack_states.found(store, name):
            raise AlreadyExistsException(f"Stack [{name}] already exists")
        text = stack_requests.body(request)
        stack = Stack(context.account_id, context.region, request, tags=request.get("Tags"))
        stack.enable_termination_protection = bool(request.get("EnableTerminationProtection"))
        change_set = self._planned(stack, request, text, ChangeSetType.CREATE)
        store.stacks_v2[stack.stack_id] = stack

        def take_back() -> None:
            del store.stacks_v2[stack.stack_id]

        self._start("CreateStack", take_back, change_set, stack.tags, options)
        return CreateStackOutput(StackId=stack.stack_id)

    @handler("UpdateStack", expand=False)
    def update_stack(self, context: RequestContext, request: UpdateStackInput) -> UpdateStackOutput:
        store = get_cloudformation_store(context.account_id, context.region)
        stack = stack_states.updatable(store, request["StackName"])
        options = stack_requests.options(request)
        text = stack_requests.body(request, stack)
        change_set = self._planned(stack, request, text, ChangeSetType.UPDATE)
        tags = stack_requests.tags(request, stack)
        if not change_set.has_changes() and tags == stack.tags:
            raise ValidationError("No updates are to be performed.")
        before = Before(stack)
        if request.get("Capabilities"):
            stack.capabilities = request["Capabilities"]
        self._start("UpdateStack", before.put_back, change_set, tags, options)
        return UpdateStackOutput(StackId=stack.stack_id)

    @handler("DeleteStack", expand=False)
    def delete_stack(self, context: RequestContext, request: DeleteStackInput) -> None:
        store = get_cloudformation_store(context.account_id, context.region)
        stack = stack_states.found(store, request["StackName"])
        if stack is None or stack.status in ("DELETE_COMPLETE", "DELETE_IN_PROGRESS"):
            return  # as on AWS
        retained = set(request.get("RetainResources") or [])
        stack_states.check_deletable(stack, retained)
        if in_use := exports.conflict(stack, {}):
            # The stack stays as it is, and says why: there is no other sign of it on AWS either.
            stack.set_stack_status(stack.status, in_use)
            return
        before = Before(stack)
        stack.status_reason = None
        stack.set_stack_status(StackStatus.DELETE_IN_PROGRESS, "User Initiated")
        force = request.get("DeletionMode") == "FORCE_DELETE_STACK"
        beginnings.begin(
            "DeleteStack",
            before.put_back,
            lambda: deployments.delete(stack, retained, force=force),
        )

    @handler("DescribeStacks", expand=False)
    def describe_stacks(self, context: RequestContext, request: Any) -> DescribeStacksOutput:
        """A deleted stack is found by its id only."""
        store = get_cloudformation_store(context.account_id, context.region)
        if name := request.get("StackName"):
            stack = stack_states.found(store, name)
            if stack is None:
                raise ValidationError(f"Stack with id {name} does not exist")
            return DescribeStacksOutput(Stacks=[self._describe_stack(stack)])
        live = [one for one in store.stacks_v2.values() if one.status != "DELETE_COMPLETE"]
        return DescribeStacksOutput(Stacks=[self._describe_stack(one) for one in live])

    def _describe_stack(self, stack: Any) -> Any:
        shown = super()._describe_stack(stack)
        shown["DisableRollback"] = getattr(stack, "on_failure", "ROLLBACK") == "DO_NOTHING"
        shown["DriftInformation"] = drift.information(stack)
        shown.pop("LastUpdatedTime", None)
        if updated := getattr(stack, "last_updated", None):
            shown["LastUpdatedTime"] = updated
        return shown

    @handler("ListImports", expand=False)
    def list_imports(self, context: RequestContext, request: Any) -> ListImportsOutput:
        store = get_cloudformation_store(context.account_id, context.region)
        name = request["ExportName"]
        live = [one for one in store.stacks_v2.values() if one.status != "DELETE_COMPLETE"]
        if not (users := exports.importers(live, name)):
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        return ListImportsOutput(Imports=users)
