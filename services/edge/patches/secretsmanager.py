"""Passwords that nobody can guess, and secrets that stay as they are while they wait to go.

moto (secretsmanager/utils.py, models.py) draws passwords from a random generator that is not meant
for secrets, reads the excluded characters as a regular expression, never deletes by itself, and
writes to secrets that are marked for deletion.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
"""

from __future__ import annotations

import json
import secrets
import string
from datetime import datetime
from typing import Any

# Its own patches come first.
import localstack.services.secretsmanager.provider  # noqa: F401
from localstack.utils.patch import patch
from moto.secretsmanager.exceptions import InvalidParameterException
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends

from services.edge.aws import due
from services.edge.aws.errors import AwsError

TOO_SHORT = "Password length is too short based on the required types."
WINDOW = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
BOTH = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
MARKED = "You can't perform this operation on the secret because it was marked for deletion."
NOTHING_LEFT = "The password can't be generated: every character is excluded."


def apply() -> None:
    due.before_calls("secretsmanager", _settle)

    @patch(SecretsManagerBackend.get_random_password)
    def get_random_password(_own: Any, _self: Any, **options: Any) -> str:
        return json.dumps({"RandomPassword": random_password(**options)})

    @patch(SecretsManagerBackend.delete_secret)
    def delete_secret(
        delete: Any,
        self: Any,
        secret_id: str,
        recovery_window_in_days: int | None = None,
        force_delete_without_recovery: bool = False,
    ) -> Any:
        if recovery_window_in_days is not None:
            if force_delete_without_recovery:
                raise AwsError("InvalidParameterException", BOTH)
            if not 7 <= recovery_window_in_days <= 30:
                raise AwsError("InvalidParameterException", WINDOW)
        return delete(self, secret_id, recovery_window_in_days, force_delete_without_recovery)

    for method in (
        SecretsManagerBackend.put_secret_value,
        SecretsManagerBackend.update_secret,
        SecretsManagerBackend.tag_resource,
        SecretsManagerBackend.untag_resource,
        SecretsManagerBackend.update_secret_version_stage,
    ):
        _refuse_for_deleted(method)


def _refuse_for_deleted(method: Any) -> None:
    @patch(method)
    def refuse(original: Any, self: Any, secret_id: str, *given: Any, **named: Any) -> Any:
        if secret_id in self.secrets and self.secrets[secret_id].is_deleted():
            raise AwsError("InvalidRequestException", MARKED)
        return original(self, secret_id, *given, **named)


def random_password(
    password_length: int,
    exclude_characters: str,
    require_each_included_type: bool,
    include_space: bool,
    **excluded: bool,
) -> str:
    """`excluded` are `exclude_numbers`, `_punctuation`, `_uppercase` and `_lowercase`."""
    types = {
        "lowercase": string.ascii_lowercase,
        "uppercase": string.ascii_uppercase,
        "numbers": string.digits,
        "punctuation": string.punctuation,
    }
    chosen = [text for name, text in types.items() if not excluded[f"exclude_{name}"]]
    chosen += [" "] if include_space else []
    kinds = [
        kept for text in chosen if (kept := "".join(c for c in text if c not in exclude_characters))
    ]
    if not kinds:
        raise InvalidParameterException(NOTHING_LEFT)
    required = kinds if require_each_included_type else []
    if password_length < len(required):
        raise InvalidParameterException(TOO_SHORT)
    characters = [secrets.choice(kind) for kind in required]
    every = "".join(kinds)
    characters += [secrets.choice(every) for _ in range(password_length - len(required))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def _settle(now: datetime) -> None:
    for regions in list(secretsmanager_backends.values()):
        for backend in list(regions.values()):
            for name, secret in list(dict.items(backend.secrets)):
                deleted = getattr(secret, "deleted_date", None)
                if deleted is not None and deleted <= now.timestamp():
                    dict.pop(backend.secrets, name)
