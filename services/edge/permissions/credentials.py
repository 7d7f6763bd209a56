"""Temporary credentials of roles: whatever says whose they are is in the session token itself.

The token is signed with a secret of this stack, so nothing is kept of it: it is known after a
restart too, and ends by its own time. AWS's tokens are opaque; nobody but this edge reads ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import zlib
from dataclasses import astuple, dataclass
from functools import cache, lru_cache

from services.edge.settings import Settings
from services.spark_token import shared_token

# LocalStack reads the account out of keys that begin so (localstack/aws/accounts.py).
PREFIX = "LSIA"
SECRET_FILE = "credentials.key"
SECRET_LENGTH = 40


@dataclass(frozen=True)
class Session:
    """A role that somebody has taken on; times in seconds since 1970."""

    access_key: str
    role_arn: str
    name: str
    expires: float
    # Session policies: JSON texts that limit the role's own.
    policies: tuple[str, ...] | None = None
    # Tags of the session, as `aws:PrincipalTag/<key>` tells them.
    tags: tuple[tuple[str, str], ...] = ()
    # It may do nothing but take on its role anew: what a long job renews its credentials by.
    renews: bool = False

    @property
    def account(self) -> str:
        return self.role_arn.split(":")[4]

    @property
    def arn(self) -> str:
        """As AWS names who makes the calls of a session."""
        partition, role = self.role_arn.split(":")[1], self.role_arn.rpartition("/")[2]
        return f"arn:{partition}:sts::{self.account}:assumed-role/{role}/{self.name}"


@dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str
    token: str
    expires: float


class TokenError(ValueError):
    """A session token that is none of this stack, or is not that of the access key."""


def issued(
    role_arn: str,
    name: str,
    seconds: float,
    *,
    policies: tuple[str, ...] | None = None,
    tags: tuple[tuple[str, str], ...] = (),
    renews: bool = False,
) -> Credentials:
    """Credentials of a role for so long; whether they may be had is asked before."""
    # Loads all of moto's IAM, which S3, asking for secrets alone, would wait for at each start.
    from moto.iam.utils import generate_access_key_id_from_account_id

    access_key = generate_access_key_id_from_account_id(role_arn.split(":")[4], PREFIX)
    expires = time.time() + seconds
    session = Session(access_key, role_arn, name, expires, policies, tags, renews)
    return Credentials(access_key, secret_of(access_key), _token(session), expires)


def secret_of(access_key: str) -> str:
    """The secret that belongs to a key, by which presigned addresses are checked."""
    digest = hmac.digest(_secret(), b"secret " + access_key.encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()[:SECRET_LENGTH]


@lru_cache(maxsize=4096)
def session_of(access_key: str, token: str) -> Session:
    """Whose credentials these are, also when they have expired. Raises TokenError."""
    try:
        body = base64.urlsafe_b64decode(token)
        signature, packed = body[:32], body[32:]
        if not hmac.compare_digest(signature, _signature(packed)):
            raise TokenError(token)
        fields = json.loads(zlib.decompress(packed))
    except ValueError as error:
        raise TokenError("The session token is none that this stack has given") from error
    key, role, name, expires, policies, tags, renews = fields
    if key != access_key:
        raise TokenError("The session token is of another access key")
    limits = None if policies is None else tuple(policies)
    return Session(key, role, name, expires, limits, tuple(map(tuple, tags)), renews)


def _token(session: Session) -> str:
    packed = zlib.compress(json.dumps(astuple(session)).encode())
    return base64.urlsafe_b64encode(_signature(packed) + packed).decode()


def _signature(packed: bytes) -> bytes:
    return hmac.digest(_secret(), packed, hashlib.sha256)


@cache
def _secret() -> bytes:
    return shared_token(Settings.from_env().data_dir / SECRET_FILE).encode()
