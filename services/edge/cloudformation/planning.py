"""A new template, checked and compared with the stack's, before anything is done.

LocalStack's planning (localstack/services/cloudformation/v2/provider.py) takes parameters that the
template has not, breaks their constraints, and previous values of SSM parameters for their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.aws.api.cloudformation import ChangeSetStatus, ChangeSetType
from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.services.cloudformation.v2.entities import ChangeSet
from localstack.services.cloudformation.v2.provider import CloudformationProviderV2

from services.edge.cloudformation import (
    beginnings,
    deployments,
    stack_requests,
    template_parameters,
    templates,
)
from services.edge.cloudformation.deployments import Options


class Planning(CloudformationProviderV2):
    @classmethod
    def _setup_change_set_model(
        cls, change_set: Any, before_template: Any, after_template: Any, **parameters: Any
    ) -> None:
        """Every way to a new template comes through here."""
        if after_template is not None:
            templates.check(before_template, after_template)
            given = parameters.get("after_parameters") or {}
            template_parameters.check(after_template, given)
        super()._setup_change_set_model(
            change_set=change_set,
            before_template=before_template,
            after_template=after_template,
            **parameters,
        )

    @staticmethod
    def _resolve_parameters(*arguments: Any) -> Any:
        found = CloudformationProviderV2._resolve_parameters(*arguments)
        return template_parameters.in_texts(found)

    @staticmethod
    def _extract_after_parameters(request: Any, before: Any = None) -> Any:
        return template_parameters.given_or_previous(request, before or {})

    def _planned(self, stack: Any, request: Any, text: str, kind: str) -> ChangeSet:
        """A change set that nobody sees: CreateStack and UpdateStack go the same way as others."""
        updates = kind == ChangeSetType.UPDATE
        template = stack_requests.parsed(text, request)
        before = stack.resolved_parameters if updates else None
        given = request.get("Parameters") or []
        template_parameters.check_previous(given, before or {})
        change_set = ChangeSet(
            stack,
            {"ChangeSetName": f"direct-{stack.stack_name}", "ChangeSetType": ChangeSetType(kind)},
            template_body=text,
            template=template,
        )
        status = stack.status
        self._setup_change_set_model(
            change_set=change_set,
            before_template=stack.template if updates else None,
            after_template=template,
            before_parameters=before,
            after_parameters=self._extract_after_parameters(given, before),
            previous_update_model=None,
        )
        if change_set.status == ChangeSetStatus.FAILED:  # a transform; LocalStack tells the stack
            stack.status = status
            raise ValidationError(change_set.status_reason)
        return change_set

    @staticmethod
    def _start(
        operation: str,
        take_back: Callable[[], None],
        change_set: ChangeSet,
        tags: Any,
        options: Options,
    ) -> None:
        change_set.stack.on_failure = options.on_failure
        former = deployments.start(change_set, tags)
        beginnings.begin(operation, take_back, lambda: deployments.run(change_set, former, options))
