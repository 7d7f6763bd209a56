"""Clients of the edge in the account and region of a job run."""

from __future__ import annotations

from typing import Any

from localstack.aws.connect import connect_to


def client_of(service: str, run: dict[str, Any]) -> Any:
    region, account = run["arn"].split(":")[3:5]
    return getattr(connect_to(region_name=region, aws_access_key_id=account), service)
