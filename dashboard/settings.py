"""Where the dashboard finds the endpoint, buckets and stack: the environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pipeline.names import BRONZE_BUCKET, CODE_PIPELINE, GOLD_BUCKET, SILVER_BUCKET, STACK
from pipeline.storage import storage_options
from services.admission import Names, own_names


@dataclass(frozen=True)
class Settings:
    """`endpoint_url` is None on AWS (AWS_ENDPOINT_URL set to the empty text)."""

    endpoint_url: str | None
    region: str
    bronze_bucket: str
    silver_bucket: str
    gold_bucket: str
    stack_name: str
    code_pipeline: str
    # What the dashboard may be called.
    names: Names

    @classmethod
    def from_env(cls) -> Settings:
        return cls(
            endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566") or None,
            region=os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
            bronze_bucket=os.environ.get("BRONZE_BUCKET", BRONZE_BUCKET),
            silver_bucket=os.environ.get("SILVER_BUCKET", SILVER_BUCKET),
            gold_bucket=os.environ.get("GOLD_BUCKET", GOLD_BUCKET),
            stack_name=os.environ.get("STACK_NAME", STACK),
            code_pipeline=os.environ.get("PIPELINE_NAME", CODE_PIPELINE),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
        )

    @property
    def storage_options(self) -> dict[str, str]:
        return storage_options(self.endpoint_url, self.region)
