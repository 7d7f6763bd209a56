"""The console's AWS clients, of an endpoint that answers."""

from __future__ import annotations

from typing import Any

from lake.errors import StackError
from lake.settings import Settings

HEALTH_SECONDS = 20.0
REGION = "us-east-1"


def check_endpoint(settings: Settings) -> None:
    """Raise StackError where nothing answers at the endpoint, or something else does."""
    import requests

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
    from pipeline import clients

    check_endpoint(settings)
    retries = {"total_max_attempts": 3}
    return clients.make_client(service, settings.endpoint_url, REGION, retries=retries)
