"""How the pipeline's services are reached, at a local endpoint or on AWS."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

# The local endpoint checks no credentials, but SDKs want some.
KEY = "test"
_MAKING = threading.Lock()  # boto3 makes one client at a time


@cache
def session(region: str) -> Any:
    """Of AWS, with the credentials of the environment or of its profile, which it keeps fresh."""
    return boto3.session.Session(region_name=region)


def make_client(service: str, endpoint_url: str | None, region: str, **config: Any) -> Any:
    """A boto3 client; without an endpoint it is AWS's, or that of the profile."""
    if endpoint_url is None:
        with _MAKING:
            return session(region).client(service, config=Config(**config))
    local: Any = boto3.session.Session(botocore_session=_without_profile(), region_name=region)
    return local.client(
        service,
        endpoint_url=endpoint_url,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
        config=Config(s3={"addressing_style": "path"}, **config),
    )


def _without_profile() -> Any:
    """An AWS_PROFILE of the user's shell is about AWS, and need not even be there."""
    return botocore.session.Session({"profile": (None, None, None, None)})
