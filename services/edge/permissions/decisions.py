"""Decides by the policies as they are now; neither records nor refuses anything."""

from __future__ import annotations

from services.edge.permissions import resource_policies, roles
from services.edge.permissions.actions.needs import ASSUME, SERVICE, Known, Need
from services.edge.permissions.callers import Caller
from services.edge.permissions.credentials import Session
from services.edge.permissions.policies.decision import Decision, Policies, decide
from services.edge.permissions.policies.statements import PolicyError, Principal, Request


def of_caller(caller: Caller, need: Need, known: Known) -> Decision:
    principal = roles.principal_of(caller)
    own = roles.of_session(caller) if isinstance(caller, Session) else roles.of_user(caller)
    return _decided(need, principal, resource_policies.added(own, need), known)


def of_service(service: str, need: Need, known: Known) -> Decision:
    """Of a service itself, for which only the resource's own policy speaks."""
    if need.action == ASSUME and roles.role(need.resource) is None:
        return Decision(False, "because there is no such role")
    principal = Principal(service, service, need.resource.split(":")[4], service)
    return _decided(need, principal, resource_policies.added(Policies(), need), known)


def refused_now(who: str, need: Need) -> str:
    """Why what a role or a service was refused would be refused now too; "" where it would not."""
    if SERVICE in need.context:
        decision = of_service(need.context[SERVICE][0], need, {})
    elif roles.role(who) is None:
        decision = Decision(False, "because there is no such role")
    else:
        decision = of_caller(Session("", who, "", 0.0), need, {})
    return decision.because


def _decided(need: Need, principal: Principal, policies: Policies, known: Known) -> Decision:
    request = Request(need.action, need.resource, {**known, **need.context})
    try:
        return decide(request, principal, policies)
    except PolicyError as error:
        return Decision(False, f"because a policy cannot be read: {error}")
