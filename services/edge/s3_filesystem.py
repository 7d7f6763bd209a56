"""The edge's S3 as pyarrow reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pyarrow import fs


@dataclass(frozen=True)
class Keys:
    """Whose reads they are; the administrator's, where nothing is said."""

    access_key: str = "test"
    secret_key: str = "test"
    token: str | None = None


ADMINISTRATOR = Keys()


def through_edge(endpoint_url: str, keys: Keys = ADMINISTRATOR, region: str = "us-east-1") -> Any:
    """Reads through the edge, and only through it."""
    parts = urlsplit(endpoint_url)
    return fs.S3FileSystem(
        access_key=keys.access_key,
        secret_key=keys.secret_key,
        session_token=keys.token,
        region=region,
        scheme=parts.scheme,
        endpoint_override=parts.netloc,
        connect_timeout=5,
        request_timeout=60,
    )
