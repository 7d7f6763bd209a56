"""Clients of the edge in the account and region of a pipeline, and those of its role."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from localstack.aws.connect import connect_to

from services.edge.codepipeline.store import Pipeline
from services.edge.permissions.clients import Worker, role_arn

# A function may run for fifteen minutes, and must be called once.
PATIENT = Config(read_timeout=910, retries={"total_max_attempts": 1})


def worker_of(pipeline: Pipeline) -> Worker:
    """CodePipeline at work as the pipeline's role."""
    declared = pipeline["declaration"]
    role = role_arn(declared["roleArn"], pipeline["account"])
    return Worker(role, "codepipeline.amazonaws.com", declared["name"])


def role_client_of(service: str, pipeline: Pipeline) -> Any:
    return worker_of(pipeline).client(service, pipeline["region"], PATIENT)


def client_of(service: str, pipeline: Pipeline) -> Any:
    scope = {"region_name": pipeline["region"], "aws_access_key_id": pipeline["account"]}
    return getattr(connect_to(**scope, config=PATIENT), service.replace("lambda", "lambda_"))
