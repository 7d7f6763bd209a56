"""Where the dashboard finds the endpoint and its stack: the environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pipeline.names import SEED_PREFIX, ResourceNames
from pipeline.storage import storage_options
from services.admission import Names, own_names


@dataclass(frozen=True)
class Settings:
    """`endpoint_url` is None on AWS (AWS_ENDPOINT_URL set to the empty text)."""

    endpoint_url: str | None
    region: str
    resources: ResourceNames
    # What the dashboard may be called.
    names: Names

    @classmethod
    def from_env(cls) -> Settings:
        return cls(
            endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566") or None,
            region=os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
            resources=ResourceNames(os.environ.get("PREFIX", SEED_PREFIX)),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
        )

    @property
    def storage_options(self) -> dict[str, str]:
        return storage_options(self.endpoint_url, self.region)
