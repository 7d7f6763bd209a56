"""Judges each call by the policies of whoever makes it, before a provider sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from localstack.aws.spec import load_service

from services.edge.permissions import callers, decisions, known, refusals, roles
from services.edge.permissions.actions import passed_roles, rules, s3, state_machines
from services.edge.permissions.actions.needs import ASSUME, SERVICE, Known, Need, Place
from services.edge.permissions.callers import Caller
from services.edge.permissions.credentials import Session, TokenError
from services.edge.permissions.policies.decision import Decision

# Told of each decision: the role, user or service that was judged.
Record = Callable[[str, Need, Decision], None]
# What services do by themselves, as neither a role nor a user.
# Step Functions' own texts.
LOG_DELIVERY = "The state machine IAM Role is not authorized to access the Log Destination"
MANAGED_RULE = "'{role}' is not authorized to create managed-rule."
OF_SERVICES = (
    *(("sts", "AssumeRole"), ("lambda", "Invoke")),
    *(("sqs", "SendMessage"), ("sqs", "SendMessageBatch"), ("sns", "Publish")),
)
# A call that needs no permission.
# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = ("sts", "GetCallerIdentity")


class Judge:
    def __init__(self, record: Record, *, enforces: bool) -> None:
        self._record, self._enforces = record, enforces

    def __call__(self, context: Any) -> None:
        """Raises AWS's refusal, where refusals are enforced."""
        if context.service is None or context.operation is None:
            return
        try:
            caller = callers.of_request(context.request)
        except TokenError:
            if self._enforces:
                raise refusals.invalid_token(context.service) from None
            return
        if caller is not None:
            self._judge(caller, context)
        elif service := (context.internal_request_params or {}).get("service_principal"):
            self._judge_service(f"{service}.amazonaws.com", context)

    def may(self, caller: Caller, need: Need, told: Known) -> Decision:
        """Decided and recorded."""
        decision = decisions.of_caller(caller, need, told)
        self._record(roles.principal_of(caller).identity, need, decision)
        return decision

    def service_may(self, service: str, need: Need, source_arn: str | None = None) -> Decision:
        """Whether a service may call a function, or take on a role, by itself."""
        told = known.of_source(source_arn)
        decision = decisions.of_service(service, need, told)
        # What a role does not let it do is told of the role, and that it trusts it is no call.
        if need.action != ASSUME or not decision.allowed:
            who = need.resource if need.action == ASSUME else service
            kept = replace(need, context={**told, SERVICE: (service,)})
            self._record(who, kept, decision)
        return decision

    def require_trust(self, service: str, role_arn: str) -> None:
        """Raise AccessDenied where a role does not let a service take it on."""
        self.require_of_service(service, Need(ASSUME, role_arn), load_service("sts"))

    def require_of_service(
        self, service: str, need: Need, called: Any, source_arn: str | None = None
    ) -> None:
        """Raise AccessDenied in the words of the called service (botocore's model)."""
        decision = self.service_may(service, need, source_arn)
        if not decision.allowed and self._enforces:
            message = refusals.text(service, need, decision.because)
            raise refusals.access_denied(called, message)

    def refuses(self, caller: Caller, need: Need, told: Known) -> str | None:
        """AWS's text where the call is to be refused."""
        decision = self.may(caller, need, told)
        if decision.allowed or not self._enforces:
            return None
        return refusals.text(caller.arn, need, decision.because)

    def state_machine(self, context: Any) -> None:
        """Step Functions looks whether the role of a machine can do what the machine needs."""
        request = context.service_request or {}
        role, place = request.get("roleArn"), place_of(context)
        if not role or roles.role(role) is None:
            return
        session = Session("", role, "StepFunctions", 0.0)
        for needs, message in (
            (state_machines.log_delivery(request), LOG_DELIVERY),
            (state_machines.managed_rules(request, place), MANAGED_RULE.format(role=role)),
        ):
            if [need for need in needs if self.refuses(session, need, {})]:
                raise refusals.access_denied(context.service, message)

    def hidden(self, context: Any) -> str | None:
        """AWS's text where an object that is not there is not to be told from one that is: so
        whoever may not list the bucket."""
        caller = callers.of_request(context.request)
        if caller is None:
            return None
        bucket = f"arn:{context.partition}:s3:::{context.service_request['Bucket']}"
        return self.refuses(caller, Need("s3:ListBucket", bucket), known.of_call(caller, context))

    def _judge(self, caller: Caller, context: Any) -> None:
        called = context.service.service_name, context.operation.name
        if isinstance(caller, Session) and caller.expires < time.time() and self._enforces:
            raise refusals.expired_token(context.service)
        if called == FREE:
            return
        if isinstance(caller, Session) and caller.renews:
            if [*needed(context)] == [Need(ASSUME, caller.role_arn)]:
                return
            raise refusals.invalid_token(context.service)
        told = known.of_call(caller, context)
        if called == ("s3", "DeleteObjects"):
            self._judge_deletions(caller, context, told)
            return
        for need in needed(context):
            if message := self.refuses(caller, need, told):
                raise refusals.access_denied(context.service, message)

    def _judge_deletions(self, caller: Caller, context: Any, told: Known) -> None:
        """Each object by itself; those that are refused the provider leaves, and tells."""
        asked = s3.deletions(context.service_request, context.partition)
        refused = {place: self.refuses(caller, need, told) for place, need in asked.items()}
        context.refused_deletions = {place: text for place, text in refused.items() if text}

    def _judge_service(self, service: str, context: Any) -> None:
        if (context.service.service_name, context.operation.name) in OF_SERVICES:
            source_arn = (context.internal_request_params or {}).get("source_arn")
            for need in needed(context):
                self.require_of_service(service, need, context.service, source_arn)


def needed(context: Any) -> Iterator[Need]:
    """What the call asks permissions for."""
    service, operation = context.service.service_name, context.operation.name
    request = context.service_request or {}
    if service == "s3":
        yield from s3.needs(operation, request, context.partition)
        return
    place = place_of(context)
    if service == "kms":
        from services.edge.permissions.actions import kms

        yield from kms.needs(operation, request, place)
        return
    yield from rules.needs(service, operation, request, place)
    yield from passed_roles.needs(service, operation, request, place)


def place_of(context: Any) -> Place:
    return Place(context.partition, context.region, context.account_id)
