"""STS gives credentials that say truly whose they are, and end.

LocalStack and moto remember a role's credentials in memory alone, for ever
(localstack/services/sts/provider.py, moto/sts/models.py). Whether a role may be had is judged
before, see judge.py.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.api.sts import MalformedPolicyDocumentException
from localstack.services.sts import provider
from localstack.services.sts.provider import StsProvider, ValidationError
from localstack.utils.patch import patch

from services.edge.permissions import callers, credentials, roles
from services.edge.permissions.credentials import Credentials, Session
from services.edge.permissions.policies.statements import PolicyError, statements
from services.edge.settings import Settings

SHORTEST, LONGEST, USUAL = 900, 43_200, 3600


def apply() -> None:
    @patch(StsProvider.assume_role)
    def assume_role(_original: Any, _self: Any, context: Any, **request: Any) -> dict[str, Any]:
        return assumed(context, request)

    @patch(StsProvider.get_caller_identity)
    def get_caller_identity(original: Any, self: Any, context: Any, **_: Any) -> dict[str, str]:
        caller = callers.of_request(context.request)
        if isinstance(caller, Session):
            return {
                "UserId": f"{_role_id(caller.role_arn)}:{caller.name}",
                "Account": caller.account,
                "Arn": caller.arn,
            }
        identity: dict[str, str] = original(self, context)
        return identity


def assumed(context: Any, request: dict[str, Any]) -> dict[str, Any]:
    """The answer of AssumeRole."""
    role, name = request["role_arn"], request["role_session_name"]
    _check_names(role, name)
    caller = callers.of_request(context.request)
    renews = isinstance(caller, Session) and caller.renews
    given = credentials.issued(
        role,
        name,
        Settings.from_env().credentials_seconds if renews else _seconds(context, request),
        policies=_session_policies(request),
        tags=tuple((one["Key"], one["Value"]) for one in request.get("tags") or ()),
    )
    session = credentials.session_of(given.access_key, given.token)
    user = {"AssumedRoleId": f"{_role_id(role)}:{name}", "Arn": session.arn}
    return {"Credentials": document(given), "AssumedRoleUser": user, "PackedPolicySize": 0}


def document(given: Credentials) -> dict[str, Any]:
    """As STS answers credentials."""
    return {
        "AccessKeyId": given.access_key,
        "SecretAccessKey": given.secret_key,
        "SessionToken": given.token,
        "Expiration": datetime.fromtimestamp(given.expires, UTC),
    }


def _check_names(role: str, name: str) -> None:
    if not provider.ROLE_ARN_REGEX.match(role):
        raise ValidationError(f"{role} is invalid")
    if not provider.SESSION_NAME_REGEX.match(name):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy"
            " constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        )


def _seconds(context: Any, request: dict[str, Any]) -> float:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""
    seconds: int = request.get("duration_seconds") or USUAL
    if service := (context.internal_request_params or {}).get("service_principal"):
        # What a service takes is not limited by the role.
        return Settings.from_env().credentials_seconds if service == "lambda" else seconds
    if not SHORTEST <= seconds <= LONGEST:
        bound, word = (SHORTEST, "greater") if seconds < SHORTEST else (LONGEST, "less")
        raise ValidationError(
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy"
            f" constraint: Member must have value {word} than or equal to {bound}"
        )
    found = roles.role(request["role_arn"])
    if found is not None and seconds > int(found.max_session_duration or USUAL):
        raise ValidationError(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    return float(seconds)


def _session_policies(request: dict[str, Any]) -> tuple[str, ...] | None:
    texts = [text for text in [request.get("policy")] if text]
    for one in request.get("policy_arns") or ():
        text = roles.managed_policy(one["arn"], request["role_arn"])
        if text is None:
            raise CommonServiceException("NoSuchEntity", f"Policy {one['arn']} does not exist.")
        texts.append(text)
    for text in texts:
        try:
            statements(text)
        except PolicyError as error:
            raise MalformedPolicyDocumentException(str(error)) from error
    return tuple(json.dumps(json.loads(text)) for text in texts) or None


def _role_id(arn: str) -> str:
    found = roles.role(arn)
    return str(found.id) if found is not None else "AROA3X42LBCD7EXAMPLE1"
