"""The one place where the console command makes its AWS clients."""

from __future__ import annotations

from typing import Any

import boto3
import requests
from botocore.config import Config

from lake.errors import StackError
from lake.settings import Settings

HEALTH_SECONDS = 20.0


def check_endpoint(settings: Settings) -> None:
    """Raise StackError where nothing answers at the endpoint, or something else does."""
    try:
        answer = requests.get(f"{settings.endpoint_url}/_localstack/health", timeout=HEALTH_SECONDS)
        is_ours = "services" in answer.json()
    except ValueError:
        is_ours = False
    except requests.RequestException as error:
        raise StackError(
            f"Nothing answers at {settings.endpoint_url}: `lake status` shows the stack,"
            " `lake up` starts it"
        ) from error
    if not is_ours:
        raise StackError(
            f"Another program answers at {settings.endpoint_url}: stop it, or set EDGE_PORT in .env"
        )


def make_client(service: str, settings: Settings) -> Any:
    """A boto3 client for the local stack's endpoint, where that answers; else StackError."""
    check_endpoint(settings)
    session: Any = boto3.session.Session()
    return session.client(
        service,
        endpoint_url=settings.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 3}, s3={"addressing_style": "path"}),
    )
