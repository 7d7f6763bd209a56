"""The policies of roles and users, as moto keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends

from services.edge.permissions.credentials import Session
from services.edge.permissions.policies.decision import Policies
from services.edge.permissions.policies.statements import Principal


@dataclass(frozen=True)
class User:
    """An IAM user, known by an access key of its own."""

    arn: str
    name: str
    account: str


def role(arn: str) -> Any | None:
    """moto's; None where there is no such role."""
    partition, account = arn.split(":")[1], arn.split(":")[4]
    for one in list(iam_backends[account][partition].roles.values()):
        if one.arn == arn:
            return one
    return None


def all_roles(account: str, partition: str = "aws") -> list[Any]:
    """moto's, without those that services have for themselves."""
    found = list(iam_backends[account][partition].roles.values())
    return [one for one in found if "/aws-service-role/" not in one.arn]


def user_of_key(access_key: str, account: str, partition: str) -> User | None:
    backend = iam_backends[account][partition]
    for one in list(backend.users.values()):
        if any(key.access_key_id == access_key for key in one.access_keys):
            return User(one.arn, one.name, account)
    return None


def named_policies(of: Any) -> Iterator[tuple[str, str]]:
    """Name and JSON of each inline and each attached policy of a role, user or group."""
    inline = of.policies
    yield from (list(inline.items()) if isinstance(inline, dict) else [])
    for policy in list(of.managed_policies.values()):
        yield policy.name, default_document(policy)


def managed_policy(arn: str, of: str) -> str | None:
    """The JSON of a policy that the account of the role or user `of` has; AWS's own too."""
    partition, account = of.split(":")[1], of.split(":")[4]
    policy = iam_backends[account][partition].managed_policies.get(arn)
    return default_document(policy) if policy is not None else None


def default_document(policy: Any) -> str:
    return str(next(one.document for one in policy.versions if one.is_default))


def of_session(session: Session) -> Policies:
    found = role(session.role_arn)
    if found is None:
        return Policies(session=session.policies)
    return Policies(
        identity=tuple(text for _, text in named_policies(found)),
        boundary=_boundary(found),
        session=session.policies,
    )


def of_user(user: User) -> Policies:
    backend = iam_backends[user.account][user.arn.split(":")[1]]
    found = backend.users[user.name]
    groups = [one for one in backend.groups.values() if found in one.users]
    texts = [text for one in (found, *groups) for _, text in named_policies(one)]
    return Policies(identity=tuple(texts), boundary=_boundary(found))


def principal_of(caller: Session | User) -> Principal:
    if isinstance(caller, User):
        return Principal(caller.arn, caller.arn, caller.account)
    return Principal(caller.arn, caller.role_arn, caller.account)


def _boundary(of: Any) -> str | None:
    arn = getattr(of, "permissions_boundary_arn", None)
    # A boundary that is gone allows nothing.
    return (managed_policy(arn, of.arn) or '{"Statement": []}') if arn else None
