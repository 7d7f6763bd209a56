"""Where the dashboard finds the endpoint, buckets and stack: the environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

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
    names: Names = field(default_factory=own_names)

    @classmethod
    def from_env(cls) -> Settings:
        return cls(
            endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566") or None,
            region=os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
            bronze_bucket=os.environ.get("BRONZE_BUCKET", "project6-bronze-bucket"),
            silver_bucket=os.environ.get("SILVER_BUCKET", "project6-silver-bucket"),
            gold_bucket=os.environ.get("GOLD_BUCKET", "project6-gold-bucket"),
            stack_name=os.environ.get("STACK_NAME", "project6"),
            code_pipeline=os.environ.get("PIPELINE_NAME", "project6-codepipeline"),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
        )

    @property
    def storage_options(self) -> dict[str, str]:
        """What deltalake needs; on AWS it finds the credentials itself."""
        if self.endpoint_url is None:
            return {"AWS_REGION": self.region}
        return {
            "AWS_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
