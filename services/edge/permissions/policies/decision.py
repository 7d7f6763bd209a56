"""AWS's evaluation logic: may this principal do this? Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Service
control policies and those of VPC endpoints are an organisation's, and there is none here.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.edge.permissions.policies.statements import (
    Principal,
    Request,
    Statement,
    statements,
)

IDENTITY = "identity-based policy"
RESOURCE = "resource-based policy"
TRUST = "role trust policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"


@dataclass(frozen=True)
class Policies:
    """JSON texts of what counts for a request; None where a kind does not limit it."""

    identity: tuple[str, ...] = ()
    boundary: str | None = None
    session: tuple[str, ...] | None = None
    resource: str | None = None
    # Of a role: without it nobody assumes the role, whatever other policies say.
    trust: str | None = None
    # The resource's account, where it is known.
    owner: str = ""
    # Of a KMS key: its policy has to let its account's identities in, or them themselves.
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    resource_decides: bool = False


@dataclass(frozen=True)
class Decision:
    """`because` ends AWS's text of a refusal; "" where it is allowed."""

    allowed: bool
    because: str = ""


ALLOWED = Decision(True)


def decide(request: Request, principal: Principal, policies: Policies) -> Decision:
    of_resource = [
        one
        for text in _texts(policies.trust or policies.resource)
        for one in statements(text)
        if one.applies(request, principal)
    ]
    effects = {
        IDENTITY: _effects(policies.identity, request),
        TRUST if policies.trust else RESOURCE: {one.allows for one in of_resource},
        BOUNDARY: _effects(_texts(policies.boundary), request),
        SESSION: _effects(policies.session or (), request),
    }
    for kind, found in effects.items():
        if False in found:
            article = "an" if kind == IDENTITY else "the" if kind == TRUST else "a"
            return Decision(False, f"with an explicit deny in {article} {kind}")
    granting = [one for one in of_resource if one.allows]
    allowing = {kind for kind, found in effects.items() if True in found}
    missing = _missing(allowing, granting, principal, policies)
    if missing is None:
        return ALLOWED
    return Decision(False, f"because no {missing} allows the {request.action} action")


def _missing(
    allowing: set[str], granting: list[Statement], principal: Principal, policies: Policies
) -> str | None:
    """The kind of policy that would have to allow the request and does not."""
    if policies.trust is not None and TRUST not in allowing:
        return TRUST
    if policies.resource_decides and not granting:
        return RESOURCE
    is_own = policies.owner in ("", principal.account)
    if is_own and any(("AWS", principal.arn) in (one.principals or ()) for one in granting):
        return None  # neither boundary nor session policy limits what a session is granted itself
    is_granted = any(one.names_more_than_the_account(principal) for one in granting)
    if IDENTITY not in allowing and not (is_own and is_granted) and not principal.service:
        return IDENTITY
    if (not is_own or principal.service) and not granting:
        return TRUST if policies.trust is not None else RESOURCE
    if policies.boundary is not None and BOUNDARY not in allowing:
        return BOUNDARY
    if policies.session is not None and SESSION not in allowing:
        return SESSION
    return None


def _effects(texts: tuple[str, ...], request: Request) -> set[bool]:
    """Of the statements that apply: True for Allow, False for Deny."""
    return {one.allows for text in texts for one in statements(text) if one.applies(request)}


def _texts(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)
