"""The key that the console signs deliveries with: the newest that the deployed webhook knows."""

from __future__ import annotations

from aws_bootstrap import secret_values
from lake.clients import make_client
from lake.errors import StackError
from lake.settings import Settings


def current(settings: Settings) -> str:
    """Raises StackError where Secrets Manager holds none."""
    name = settings.names.signing_keys_secret
    keys = secret_values.keys_of(
        secret_values.value_of(make_client("secretsmanager", settings), name)
    )
    if not keys:
        raise StackError(
            f"Expected a signing key in the secret {name}, found none: `lake deploy` puts that of"
            " CALENDLY_SIGNING_KEYS, `lake keys set signing-keys` another"
        )
    return keys[0]
