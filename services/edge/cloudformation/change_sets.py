"""Change sets: planned by LocalStack, refused where a stack cannot take them, carried out here."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.aws.api.cloudformation import (
    ChangeSetNotFoundException,
    ChangeSetStatus,
    ChangeSetType,
    CreateChangeSetInput,
    CreateChangeSetOutput,
    ExecuteChangeSetInput,
    ExecuteChangeSetOutput,
    ExecutionStatus,
    InvalidChangeSetStatusException,
    StackStatus,
)
from localstack.services.cloudformation import api_utils
from localstack.services.cloudformation.stores import get_cloudformation_store
from localstack.services.cloudformation.v2.provider import find_change_set_v2

from services.edge.cloudformation import imports, stack_requests, stack_states, template_parameters
from services.edge.cloudformation.beginnings import Before
from services.edge.cloudformation.deployments import Options
from services.edge.cloudformation.planning import Planning


class ChangeSetCalls(Planning):
    @handler("CreateChangeSet", expand=False)
    def create_change_set(
        self, context: RequestContext, request: CreateChangeSetInput
    ) -> CreateChangeSetOutput:
        store = get_cloudformation_store(context.account_id, context.region)
        name, known = request["StackName"], set(store.stacks_v2)
        stack, status, events = stack_states.found(store, name), None, 0
        if request.get("ChangeSetType", "UPDATE") == ChangeSetType.UPDATE:
            stack = stack_states.updatable(store, name)
            status, events = stack.status, len(stack.events)
            template_parameters.check_previous(
                request.get("Parameters") or [], stack.resolved_parameters
            )
        if request.get("UsePreviousTemplate") and stack is not None:
            request["TemplateBody"] = stack_requests.body(request, stack)
        if request.get("TemplateBody") or request.get("TemplateURL"):
            stack_requests.parsed(str(api_utils.extract_template_body(request)), request)
        try:
            answer = super().create_change_set(context, request)
        except Exception:
            for new in set(store.stacks_v2) - known:  # nothing is left of a refused request
                del store.stacks_v2[new]
            raise
        finally:
            if status is not None:  # LocalStack sets a stack that was rolled back under review
                stack.status = status
                del stack.events[: len(stack.events) - events]
        self._settle(store, answer["Id"], request)
        return answer

    @staticmethod
    def _settle(store: Any, change_set_id: str, request: Any) -> None:
        """New tags alone are a change; tags and a reaction to failure are kept until it is made."""
        change_set = store.change_sets[change_set_id]
        change_set.tags = stack_requests.tags(request, change_set.stack)
        change_set.options = stack_requests.options(request)
        change_set.imports_existing = bool(request.get("ImportExistingResources"))
        unchanged = "didn't contain changes" in (change_set.status_reason or "")
        if unchanged and change_set.tags != change_set.stack.tags:
            change_set.status_reason = None
            change_set.set_change_set_status(ChangeSetStatus.CREATE_COMPLETE)
            change_set.set_execution_status(ExecutionStatus.AVAILABLE)

    @handler("DescribeChangeSet", expand=False)
    def describe_change_set(self, context: RequestContext, request: Any) -> Any:
        """One that was executed is told as it was then: its plan is not stored (stored_plans)."""
        store = get_cloudformation_store(context.account_id, context.region)
        name, stack_name = request["ChangeSetName"], request.get("StackName")
        found = find_change_set_v2(store, name, stack_name)
        shown = bool(request.get("IncludePropertyValues"))
        if told := getattr(found, "told", None):
            now = {"Status": found.status, "ExecutionStatus": found.execution_status}
            return {**told[shown], **now}
        if found is not None and found.update_model is None:  # obsolete, or of an earlier version
            raise ChangeSetNotFoundException(f"ChangeSet [{name}] does not exist")
        return self._described(context, name, stack_name, shown)

    def _described(
        self, context: RequestContext, name: str, stack_name: str | None, shown: bool
    ) -> Any:
        plain, whole = (
            super(ChangeSetCalls, self).describe_change_set(
                context, name, stack_name, include_property_values=values
            )
            for values in (None, True)
        )
        store = get_cloudformation_store(context.account_id, context.region)
        change_set = find_change_set_v2(store, name, stack_name)
        return imports.announced(change_set, whole if shown else plain, whole)

    @handler("ExecuteChangeSet", expand=False)
    def execute_change_set(
        self, context: RequestContext, request: ExecuteChangeSetInput
    ) -> ExecuteChangeSetOutput:
        store = get_cloudformation_store(context.account_id, context.region)
        name = request["ChangeSetName"]
        change_set = find_change_set_v2(store, name, request.get("StackName"))
        if change_set is None:
            raise ChangeSetNotFoundException(f"ChangeSet [{name}] does not exist")
        if change_set.execution_status != ExecutionStatus.AVAILABLE:
            raise InvalidChangeSetStatusException(
                f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current status"
                f" of [{change_set.status}]"
            )
        stack = change_set.stack
        if stack.status != StackStatus.REVIEW_IN_PROGRESS:
            stack_states.updatable(store, stack.stack_id)
        own = {change_set.change_set_id}
        others = [
            store.change_sets[other]
            for other in stack.change_set_ids - own
            if other in store.change_sets
        ]
        before = Before(stack, change_set, *others)
        for other in others:
            other.set_execution_status(ExecutionStatus.OBSOLETE)
        change_set.told = {
            shown: self._described(context, change_set.change_set_id, None, shown)
            for shown in (False, True)
        }
        stack.change_set_id = change_set.change_set_id
        options = stack_requests.options(request)
        if request.get("DisableRollback") is None and options == Options():
            options = getattr(change_set, "options", options)
        self._start("ExecuteChangeSet", before.put_back, change_set, change_set.tags, options)
        return ExecuteChangeSetOutput()
