"""How deltalake reaches the pipeline's tables."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.exceptions import NoCredentialsError

from pipeline.clients import KEY, make_client, session


def storage_options(endpoint_url: str | None, region: str) -> dict[str, str]:
    """What deltalake needs at a local endpoint, or (None) on AWS.

    It reads no profile by itself, so it gets the credentials that are good now: ask again for each
    table that is opened. Raises botocore's errors where there are none.
    """
    if endpoint_url is None:
        return {**_place(address(region), region), **_credentials(session(region))}
    keys = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": KEY}
    return {**_place(endpoint_url, region), **keys}


def _place(endpoint_url: str, region: str) -> dict[str, str]:
    allowed = {"AWS_ALLOW_HTTP": "true"} if endpoint_url.startswith("http://") else {}
    return {"AWS_REGION": region, "AWS_ENDPOINT_URL": endpoint_url, **allowed}


@cache
def address(region: str) -> str:
    """Where the profile has S3: at AWS, if it does not name another endpoint."""
    return str(make_client("s3", None, region).meta.endpoint_url)


def _credentials(found: Any) -> dict[str, str]:
    """Renewed where they are about to end."""
    credentials = found.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    now = credentials.get_frozen_credentials()
    token = {"AWS_SESSION_TOKEN": now.token} if now.token else {}
    keys = {"AWS_ACCESS_KEY_ID": now.access_key, "AWS_SECRET_ACCESS_KEY": now.secret_key}
    return {**keys, **token}
