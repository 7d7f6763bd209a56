"""The bronze bucket of a real account: only ever listed and read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lake.errors import StackError

READS = ("ListObjectsV2", "GetObject")
EVENTS, MARKETING = "events/", "marketing/"
DAY = "event_date="
ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")


class NotReadOnlyError(AssertionError):
    """A call other than a read was about to go to the account."""


class AccountBronze:
    """Raises StackError where the account does not let one in, with what it says."""

    def __init__(self, bucket: str, profile: str | None) -> None:
        self.bucket = bucket
        self._profile = profile
        self._s3 = _client(profile)

    @property
    def endpoint_url(self) -> str:
        return str(self._s3.meta.endpoint_url)

    def days(self, most: int, today: str) -> list[str]:
        """The latest days with deliveries that are not after today, oldest first."""
        prefixes = [
            entry["Prefix"]
            for page in self._pages(Prefix=EVENTS, Delimiter="/")
            for entry in page.get("CommonPrefixes", [])
        ]
        dated = [prefix.removeprefix(EVENTS).rstrip("/").removeprefix(DAY) for prefix in prefixes]
        return sorted(day for day in dated if day[:1].isdigit() and day <= today)[-most:]

    def keys(self, prefix: str) -> list[str]:
        return [
            entry["Key"]
            for page in self._pages(Prefix=prefix)
            for entry in page.get("Contents", [])
            if not entry["Key"].endswith("/")
        ]

    def body(self, key: str) -> bytes:
        return bytes(self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def _pages(self, **more: Any) -> Iterator[dict[str, Any]]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield from self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, **more
            )
        except (BotoCoreError, ClientError) as error:
            raise StackError(
                f"The account does not let s3://{self.bucket} be listed: {error}. The profile"
                f" ({self._profile or 'default'}) needs s3:ListBucket and s3:GetObject there"
            ) from error


def _client(profile: str | None) -> Any:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    try:
        with _without_endpoints():
            session: Any = boto3.session.Session(profile_name=profile)
            s3 = session.client(
                "s3",
                region_name=session.region_name or "us-east-1",
                config=Config(retries={"total_max_attempts": 5}, max_pool_connections=32),
            )
    except BotoCoreError as error:
        raise StackError(
            f"{error}: `aws configure list-profiles` lists the profiles that are there"
        ) from error
    s3.meta.events.register("before-call.s3", _refuse_writes)
    return s3


def _refuse_writes(model: Any, **_: Any) -> None:
    if model.name not in READS:
        raise NotReadOnlyError(f"{model.name} is no read: nothing was sent")


@contextmanager
def _without_endpoints() -> Iterator[None]:
    """A shell that is set up for the local endpoint would lead there; the profile decides."""
    found = {name: os.environ.pop(name) for name in ENDPOINTS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(found)
