"""How the pipeline's services are reached, at a local endpoint or on AWS."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

# The local endpoint checks no credentials, but SDKs want some.
KEY = "test"


def make_client(service: str, endpoint_url: str | None, region: str, **config: Any) -> Any:
    """A boto3 client; without an endpoint it is AWS's, with the credentials of the environment."""
    session: Any = boto3.session.Session(region_name=region)
    if endpoint_url is None:
        return session.client(service, config=Config(**config))
    return session.client(
        service,
        endpoint_url=endpoint_url,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
        config=Config(s3={"addressing_style": "path"}, **config),
    )
