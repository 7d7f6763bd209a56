"""The edge's S3 as pyarrow reads it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pyarrow import fs


def through_edge(endpoint_url: str, region: str = "us-east-1") -> Any:
    """Reads through the edge, and only through it."""
    parts = urlsplit(endpoint_url)
    return fs.S3FileSystem(
        access_key="test",
        secret_key="test",
        region=region,
        scheme=parts.scheme,
        endpoint_override=parts.netloc,
        connect_timeout=5,
        request_timeout=60,
    )
