"""Where the dashboard finds the endpoint and its stack: the environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass

import boto3
from botocore.exceptions import ProfileNotFound

from pipeline.names import SEED_PREFIX, ResourceNames
from pipeline.storage import storage_options
from services.admission import Names, own_names

LOCAL, LOCAL_REGION = "http://127.0.0.1:4566", "us-east-1"


@dataclass(frozen=True)
class Settings:
    """`endpoint_url` is None on AWS: where AWS_PROFILE is set and AWS_ENDPOINT_URL is not."""

    endpoint_url: str | None
    region: str
    resources: ResourceNames
    # What the dashboard may be called.
    names: Names

    @classmethod
    def from_env(cls) -> Settings:
        local = None if os.environ.get("AWS_PROFILE") else LOCAL
        endpoint_url = os.environ.get("AWS_ENDPOINT_URL", local) or None
        return cls(
            endpoint_url=endpoint_url,
            region=os.environ.get("AWS_DEFAULT_REGION") or _region(endpoint_url),
            resources=ResourceNames(os.environ.get("PREFIX", SEED_PREFIX)),
            names=own_names(os.environ.get("ALLOWED_HOSTS", "")),
        )

    @property
    def storage_options(self) -> dict[str, str]:
        return storage_options(self.endpoint_url, self.region)


def _region(endpoint_url: str | None) -> str:
    """The profile's, on AWS."""
    if endpoint_url is not None:
        return LOCAL_REGION
    try:
        found = boto3.session.Session().region_name
    except ProfileNotFound as error:
        raise SystemExit(f"{error}: `aws configure list-profiles` lists those there are") from error
    if not found:
        raise SystemExit("Expected a region, found none: set one in the profile")
    return str(found)
