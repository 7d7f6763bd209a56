"""Policies as they are asked: which statements apply to a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.edge.permissions.policies import patterns
from services.edge.permissions.policies.conditions import Condition, conditions_of
from services.edge.permissions.policies.patterns import Context, UnresolvedError

Document = dict[str, Any]


class PolicyError(ValueError):
    """A policy that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True)
class Principal:
    """Who makes a call: `arn` is the session's or the user's, `identity` that of the role."""

    arn: str
    identity: str
    account: str
    # Where a service calls for itself: `lambda.amazonaws.com`.
    service: str = ""


@dataclass(frozen=True)
class Request:
    """An action on a resource, and what is known of it: condition keys in lower case."""

    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class Names:
    """An element such as Action or NotAction, and which of the two it is; None where it is not."""

    patterns: tuple[str, ...]
    excluded: bool


@dataclass(frozen=True)
class Statement:
    """`principals` is None in policies of identities, which have no such element."""

    allows: bool
    actions: Names
    resources: Names | None
    principals: tuple[tuple[str, str], ...] | None
    excludes_principals: bool
    conditions: tuple[Condition, ...]

    def applies(self, request: Request, principal: Principal | None = None) -> bool:
        return (
            any(patterns.matches_action(one, request.action) for one in self.actions.patterns)
            is not self.actions.excluded
            and self._is_on(request)
            and (self.principals is None or self._is_for(principal))
            and all(condition.is_met(request.context) for condition in self.conditions)
        )

    def names_more_than_the_account(self, principal: Principal) -> bool:
        """An account that is named leaves it to its own policies who of it may."""
        return any(
            _is_named(kind, name, principal) and not _is_account(name, principal)
            for kind, name in self.principals or ()
        )

    def _is_on(self, request: Request) -> bool:
        if self.resources is None:
            return True
        return self.resources.excluded is not any(
            _names(pattern, request) for pattern in self.resources.patterns
        )

    def _is_for(self, principal: Principal | None) -> bool:
        named = any(_is_named(kind, name, principal) for kind, name in self.principals or ())
        return named is not self.excludes_principals


def _names(pattern: str, request: Request) -> bool:
    try:
        wanted = patterns.resolved(pattern, request.context)
    except UnresolvedError:
        return False
    return patterns.matches_arn(wanted, request.resource)


def _is_named(kind: str, name: str, principal: Principal | None) -> bool:
    if name == "*" and kind in ("*", "AWS"):
        return True
    if principal is None:
        return False
    if kind == "Service":
        return name == principal.service
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    return (
        kind == "AWS"
        and not principal.service
        and (name in (principal.arn, principal.identity) or _is_account(name, principal))
    )


def _is_account(name: str, principal: Principal) -> bool:
    return name == principal.account or name.endswith(f":iam::{principal.account}:root")


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[Statement, ...]:
    """Those of a policy's JSON. Raises PolicyError."""
    try:
        found = json.loads(text)["Statement"]
        return tuple(map(_statement, found if isinstance(found, list) else [found]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"Expected a policy with statements, found {text[:200]}") from error


def _statement(document: Document) -> Statement:
    actions = _element(document, "Action")
    if actions is None:
        raise PolicyError("Expected Action or NotAction")
    has_principal = "Principal" in document or "NotPrincipal" in document
    principals = tuple(_principals(document.get("Principal", document.get("NotPrincipal"))))
    return Statement(
        allows={"Allow": True, "Deny": False}[document["Effect"]],
        actions=actions,
        resources=_element(document, "Resource"),
        principals=principals if has_principal else None,
        excludes_principals="NotPrincipal" in document,
        conditions=conditions_of(document.get("Condition") or {}),
    )


def _element(document: Document, name: str) -> Names | None:
    for spelled, excluded in ((name, False), (f"Not{name}", True)):
        if spelled in document:
            return Names(tuple(listed(document[spelled])), excluded)
    return None


def _principals(element: Any) -> Iterator[tuple[str, str]]:
    if isinstance(element, str):
        yield "*", element
    for kind, names in element.items() if isinstance(element, dict) else ():
        for name in listed(names):
            yield kind, name


def listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]
