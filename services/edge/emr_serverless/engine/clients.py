"""Clients of the edge in the account and region of a job run, and those of its role."""

from __future__ import annotations

from typing import Any

from localstack.aws.connect import connect_to

from services.edge.permissions.clients import Worker, role_arn


def worker_of(run: dict[str, Any]) -> Worker:
    """EMR Serverless at work as the run's role."""
    role = role_arn(run["executionRole"], run["arn"].split(":")[4])
    return Worker(role, "emr-serverless.amazonaws.com", run["jobRunId"])


def role_client_of(service: str, run: dict[str, Any]) -> Any:
    return worker_of(run).client(service, run["arn"].split(":")[3])


def client_of(service: str, run: dict[str, Any]) -> Any:
    region, account = run["arn"].split(":")[3:5]
    return getattr(connect_to(region_name=region, aws_access_key_id=account), service)
