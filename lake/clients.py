"""The one place where the console command makes its AWS clients."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from lake.settings import Settings


def make_client(service: str, settings: Settings) -> Any:
    """A boto3 client for the local stack's endpoint."""
    session: Any = boto3.session.Session()
    return session.client(
        service,
        endpoint_url=settings.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 3}, s3={"addressing_style": "path"}),
    )
