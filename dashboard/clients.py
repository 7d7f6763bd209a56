"""The one place where the dashboard makes its AWS clients."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from dashboard.settings import Settings


def make_client(service: str, settings: Settings) -> Any:
    """A boto3 client of the settings' endpoint that gives up soon: a person is waiting."""
    config = Config(
        connect_timeout=2,
        read_timeout=20,
        retries={"total_max_attempts": 2},
        s3={"addressing_style": "path"} if settings.endpoint_url else {},
    )
    session: Any = boto3.session.Session(region_name=settings.region)
    if settings.endpoint_url is None:
        return session.client(service, config=config)
    return session.client(
        service,
        endpoint_url=settings.endpoint_url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=config,
    )
