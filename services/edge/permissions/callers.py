"""As whom a request is made: a session of a role, an IAM user, or the laptop's own credentials."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from localstack.aws.accounts import get_account_id_from_access_key_id

from services.edge.permissions import credentials, roles
from services.edge.permissions.credentials import Session
from services.edge.permissions.roles import User

TOKEN = "X-Amz-Security-Token"
PRESIGNED = re.compile(rb"X-Amz-Credential=|AWSAccessKeyId=")
CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/")
USER_PREFIXES = ("LKIA", "AKIA")
PARTITION = "aws"

Caller = Session | User


def of_request(request: Any) -> Caller | None:
    """None for the administrator of the account. Raises credentials.TokenError."""
    headers = request.headers
    signed = headers.get("Authorization") or ""
    query = request.args if PRESIGNED.search(request.query_string or b"") else {}
    if query:
        # LocalStack has put a signature of its own into the headers.
        named = query.get("X-Amz-Credential") or query.get("AWSAccessKeyId") or ""
        access_key = named.partition("/")[0]
    elif (found := CREDENTIAL.search(signed)) is not None:
        access_key = found[1]
    else:
        return None
    if access_key.startswith(credentials.PREFIX):
        token = headers.get(TOKEN) or query.get(TOKEN) or query.get(TOKEN.lower()) or ""
        return credentials.session_of(access_key, token)
    if access_key.startswith(USER_PREFIXES):
        return roles.user_of_key(access_key, _account(access_key), PARTITION)
    return None


@lru_cache(maxsize=1024)
def _account(access_key: str) -> str:
    return str(get_account_id_from_access_key_id(access_key))
