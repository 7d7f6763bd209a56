"""The webhook's signing keys and the repository's token, where they live: in Secrets Manager.

Their values come from whoever deploys and go to Secrets Manager: never through a template, a plan,
a variable of a function or a log.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from aws_bootstrap.plan import TAGS

LOCAL_SIGNING_KEY = "local-signing-key"
KEY_BYTES = 32


class SecretError(Exception):
    """A value is not fit to be kept, or its secret is not there; the message holds no value."""


def value_of(client: Any, name: str) -> str | None:
    """None where there is no secret of the name, or one without a text."""
    found = _current(client, name) or {}
    return found.get("SecretString")


def _current(client: Any, name: str) -> dict[str, Any] | None:
    try:
        return dict(client.get_secret_value(SecretId=name))
    except client.exceptions.ResourceNotFoundException:
        return None


def standing(client: Any, name: str) -> dict[str, Any]:
    """How many values a secret holds, and how many days it holds them; not which."""
    count = len(keys_of(value_of(client, name)))
    if not count:
        return {"secret": name, "values": 0, "days_old": None}
    changed: datetime = client.describe_secret(SecretId=name)["LastChangedDate"]
    return {"secret": name, "values": count, "days_old": (datetime.now(UTC) - changed).days}


def put(client: Any, name: str, value: str) -> None:
    """Make it the value of the secret, from now on; raises SecretError where there is none."""
    try:
        client.put_secret_value(SecretId=name, SecretString=value)
    except client.exceptions.ResourceNotFoundException as error:
        raise SecretError(
            f"Expected the secret {name}, found none: deploy the pipeline first; one that was"
            f" deleted by hand comes back by `aws secretsmanager restore-secret --secret-id {name}`"
        ) from error


def put_first(client: Any, name: str, value: str) -> bool:
    """Whether it was put: a value that is there already stays."""
    if _current(client, name) is not None:
        return False
    put(client, name, value)
    return True


def make_or_put(client: Any, name: str, description: str, value: str) -> None:
    """For a secret that is needed before there is a stack, and so is no part of it."""
    try:
        client.create_secret(Name=name, Description=description, SecretString=value, Tags=TAGS)
    except client.exceptions.ResourceExistsException:
        put(client, name, value)


def keys_of(value: str | None) -> list[str]:
    """The newest first: it signs, and the others are taken as well."""
    return [key.strip() for key in (value or "").split(",") if key.strip()]


def checked_keys(text: str, *, in_public: bool = False) -> str:
    """Signing keys as the secret holds them; `in_public` the laptop's, known to all, is none."""
    keys = keys_of(text)
    if not keys:
        raise SecretError("Expected signing keys with commas between them, found none")
    if keys[0][0] in '{["':
        raise SecretError(
            "Expected signing keys as plain text with commas between them, found JSON"
        )
    if in_public and LOCAL_SIGNING_KEY in keys:
        raise SecretError(
            f"{LOCAL_SIGNING_KEY!r} is the laptop's key, which everyone knows: give another"
        )
    if not all(key.isprintable() for key in keys):
        raise SecretError(
            "Expected signing keys in one line, with commas between them, found a line's end or"
            " another control character in one"
        )
    return ",".join(keys)


def checked_token(text: str) -> str:
    token = text.strip()
    if not token or not token.isprintable() or " " in token:
        raise SecretError("Expected a token: one word, found " + ("more" if token else "nothing"))
    return token


def new_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)
