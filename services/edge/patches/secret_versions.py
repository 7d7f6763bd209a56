"""Versions of secrets: labels that move one by one, tokens that name one version, whole binaries.

moto (secretsmanager/models.py) takes all other labels from a version that AWSCURRENT leaves. For
LocalStack (services/secretsmanager/provider.py) the same creation again is a conflict, which a
client that had no answer makes by itself; of a SecretBinary that is put it stores what it cannot
read again; and one secret without a value makes a whole batch fail.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
"""

from __future__ import annotations

import base64
from typing import Any

from localstack.utils.patch import patch
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend, _matches

from services.edge.aws.errors import AwsError
from services.edge.patches.secretsmanager import MARKED

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
BOTH_VALUES = "You can't specify both SecretString and SecretBinary."
ONE_CHOICE = "Either 'SecretIdList' or 'Filters' must be provided, but not both."
IN_USE = (
    "You can't use ClientRequestToken {} because that value is already in use for a version of"
    " secret {}"
)
NO_FILTERS = (
    "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."
)
NO_SECRET = "Secrets Manager can't find the specified secret."
NO_VALUE = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
BAD_TOKEN = "The NextToken value is invalid."


def apply() -> None:
    _create()
    _put()
    _move()
    _batch()


def _create() -> None:
    @patch(SecretsManagerBackend.create_secret)
    def create_secret(create: Any, self: Any, name: str, *given: Any, **named: Any) -> Any:
        refuse_both(named)
        known, token = self.secrets.get(name), named.get("client_request_token")
        if known is None or token is None or known.is_deleted() or token not in known.versions:
            return create(self, name, *given, **named)
        refuse_other_value(known, token, named)
        return known.to_short_dict(version_id=token)


def _put() -> None:
    @patch(SecretsManagerBackend.put_secret_value)
    def put_secret_value(put: Any, self: Any, secret_id: str, **named: Any) -> Any:
        refuse_both(named)
        secret, labels = self.secrets.get(secret_id), named["version_stages"]
        if secret is not None and not secret.versions and CURRENT not in labels:
            named["version_stages"] = [CURRENT, *labels]
        return put(self, secret_id, **{**named, "secret_binary": as_text(named["secret_binary"])})

    @patch(SecretsManagerBackend.update_secret)
    def update_secret(update: Any, self: Any, secret_id: str, **named: Any) -> Any:
        refuse_both(named)
        secret, token = self.secrets.get(secret_id), named.get("client_request_token")
        has_value = named.get("secret_string") or named.get("secret_binary")
        if secret is not None and has_value and token in secret.versions:
            raise AwsError("ResourceExistsException", IN_USE.format(token, secret.arn))
        binary = as_text(named.get("secret_binary"))
        return update(self, secret_id, **{**named, "secret_binary": binary})


def _move() -> None:
    @patch(FakeSecret.reset_default_version)
    def reset_default_version(reset: Any, self: Any, version: Any, version_id: str) -> None:
        moved = set(version["version_stages"])
        others = {
            known: [label for label in one["version_stages"] if label not in moved]
            for known, one in self.versions.items()
        }
        left = self.default_version_id
        reset(self, version, version_id)
        for known, labels in others.items():
            if known in self.versions and known != version_id:
                kept = [label for label in labels if label != PREVIOUS]
                self.versions[known]["version_stages"] = (
                    [*kept, PREVIOUS] if known == left else kept
                )


def _batch() -> None:
    @patch(SecretsManagerBackend.batch_get_secret_value)
    def batch_get_secret_value(
        _get: Any,
        self: Any,
        secret_id_list: list[str] | None = None,
        filters: list[dict[str, Any]] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Any:
        if bool(secret_id_list) == bool(filters):
            raise AwsError("InvalidParameterException", ONE_CHOICE)
        if max_results and not filters:
            raise AwsError("InvalidParameterException", NO_FILTERS)
        wanted, token = secret_id_list or [], None
        if filters:
            found = [
                s for s in self.secrets.values() if _matches(s, filters) and not s.is_deleted()
            ]
            found, token = self._get_secret_values_page_and_next_token(
                found, max_results, next_token
            )
            wanted = [secret.arn for secret in found]
        refused = {one: told for one in wanted if (told := refusal(self.secrets.get(one)))}
        values = [self.get_secret_value(one, None, CURRENT) for one in wanted if one not in refused]
        errors = [
            {"SecretId": one, "ErrorCode": code, "Message": text}
            for one, (code, text) in refused.items()
        ]
        return values, errors, token

    @patch(SecretsManagerBackend._get_secret_values_page_and_next_token)
    def page(read: Any, self: Any, found: Any, most: Any, token: str | None) -> Any:
        if token and not (token.isascii() and token.isdecimal()):
            raise AwsError("InvalidNextTokenException", BAD_TOKEN)
        return read(self, found, most, token)


def refusal(secret: Any) -> tuple[str, str] | None:
    """Code and message of why a batch has no value of the secret."""
    if secret is None:
        return "ResourceNotFoundException", NO_SECRET
    if secret.is_deleted():
        return "InvalidRequestException", MARKED
    if not any(CURRENT in version["version_stages"] for version in secret.versions.values()):
        return "ResourceNotFoundException", NO_VALUE
    return None


def refuse_both(value: dict[str, Any]) -> None:
    if value.get("secret_string") and value.get("secret_binary"):
        raise AwsError("InvalidRequestException", BOTH_VALUES)


def refuse_other_value(secret: Any, token: str, value: dict[str, Any]) -> None:
    """A token names one version, whose value stays what it is."""
    version = secret.versions[token]
    if any(version.get(name) != value.get(name) for name in ("secret_string", "secret_binary")):
        raise AwsError("ResourceExistsException", IN_USE.format(token, secret.arn))


def as_text(binary: bytes | str | None) -> str | None:
    """As moto keeps what is put in JSON, where bytes are base64."""
    return base64.b64encode(binary).decode() if isinstance(binary, bytes) else binary
