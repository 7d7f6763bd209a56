"""Whether CodePipeline may assume a role: the role is there, and its trust policy says so."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

SERVICE = "codepipeline.amazonaws.com"


def is_assumable(iam: Any, arn: str) -> bool:
    try:
        role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return False
        raise
    policy = role["AssumeRolePolicyDocument"]
    return any(_trusts(statement) for statement in _listed(policy.get("Statement")))


def _trusts(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = [principal] if principal == "*" else _listed((principal or {}).get("Service"))
    return statement.get("Effect") == "Allow" and any(name in (SERVICE, "*") for name in services)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
