"""Bring a job's script, zips and jars from S3 into the run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError


class FileError(Exception):
    """A file that the job names cannot be had; the message names it."""


class S3Files:
    def __init__(self, endpoint_url: str, jars_dir: Path) -> None:
        session: Any = boto3.session.Session()
        self._s3 = session.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        self._jars_dir = jars_dir

    def fetch(self, uri: str, folder: Path) -> Path:
        """The local path of an s3:// object, copied into `folder`, or of a local file."""
        scheme, _, rest = uri.partition("://")
        if scheme not in ("s3", "s3a"):
            return self._local(uri)
        bucket, _, key = rest.partition("/")
        target = folder / Path(key).name
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._s3.download_file(bucket, key, str(target))
        except (ClientError, BotoCoreError, OSError) as error:
            raise FileError(f"{uri} cannot be read: {error}") from error
        return target

    def is_present(self, uri: str) -> bool:
        """Whether this machine's drivers have the jar already: same name and same size."""
        jar = self._jars_dir / Path(uri).name
        if uri.startswith("/usr/share/aws/delta/lib/"):
            return True
        if not jar.exists():
            return False
        bucket, _, key = uri.partition("://")[2].partition("/")
        try:
            size = self._s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except (ClientError, BotoCoreError) as error:
            raise FileError(f"{uri} cannot be read: {error}") from error
        return bool(size == jar.stat().st_size)

    @staticmethod
    def _local(uri: str) -> Path:
        path = Path(uri.partition("://")[2] if "://" in uri else uri)
        if not path.is_file():
            raise FileError(f"{uri} does not exist; expected an s3:// address or a local file")
        return path
