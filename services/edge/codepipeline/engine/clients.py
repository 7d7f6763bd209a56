"""Clients of the edge in the account and region of a pipeline."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from localstack.aws.connect import connect_to

from services.edge.codepipeline.store import Pipeline

# A function may run for fifteen minutes, and must be called once.
PATIENT = Config(read_timeout=910, retries={"total_max_attempts": 1})


def client_of(service: str, pipeline: Pipeline) -> Any:
    scope = {"region_name": pipeline["region"], "aws_access_key_id": pipeline["account"]}
    return getattr(connect_to(**scope, config=PATIENT), service.replace("lambda", "lambda_"))
