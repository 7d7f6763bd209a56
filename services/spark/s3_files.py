"""Bring a job's script, zips and jars from S3 into the run's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from services.spark.delta_jars import IMAGE_FOLDERS

S3 = ("s3", "s3a", "s3n")


class FileError(Exception):
    """A file that the job names cannot be had; the message names it."""


class S3Files:
    """`keys` say by their names in an environment as whom the files are read."""

    def __init__(self, endpoint_url: str, jars_dir: Path, keys: Mapping[str, str]) -> None:
        session: Any = boto3.session.Session()
        self._s3 = session.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=keys.get("AWS_SESSION_TOKEN"),
        )
        self._jars_dir = jars_dir

    def fetch(self, uri: str, folder: Path) -> Path:
        """The local path of an s3:// object, copied into `folder`, or of a local file."""
        scheme, rest = parts(uri)
        if scheme not in S3:
            return local(uri, rest)
        bucket, _, key = rest.partition("/")
        if not bucket or not key or key.endswith("/"):
            raise FileError(f"expected s3://<bucket>/<key> of a file, found {uri}")
        path = folder / Path(key).name
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._s3.download_file(bucket, key, str(path))
        except (ClientError, BotoCoreError, OSError) as error:
            raise unreadable(uri, error) from error
        return path

    def missing(self, jars: tuple[str, ...]) -> list[str]:
        """The jars that are not in this machine's folder of jars."""
        return [uri for uri in jars if not self._is_present(uri)]

    def _is_present(self, uri: str) -> bool:
        scheme, rest = parts(uri)
        if scheme not in S3:
            return rest.startswith(IMAGE_FOLDERS)
        jar = self._jars_dir / Path(rest).name
        if not jar.is_file():
            return False
        bucket, _, key = rest.partition("/")
        try:
            size = self._s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
        except (ClientError, BotoCoreError) as error:
            raise unreadable(uri, error) from error
        return bool(size == jar.stat().st_size)


def parts(uri: str) -> tuple[str, str]:
    """Scheme and rest; a path without a scheme is one of this machine, as local:// and file://."""
    scheme, separator, rest = uri.partition("://")
    return (scheme, rest) if separator else ("local", uri.removeprefix("file:"))


def local(uri: str, rest: str) -> Path:
    path = Path(rest)
    if not path.is_file():
        raise FileError(
            f"{uri} does not exist: expected an s3:// address or a file of this machine"
        )
    return path.absolute()


def unreadable(uri: str, error: Exception) -> FileError:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    if code in ("404", "NoSuchKey", "NoSuchBucket"):
        return FileError(f"{uri} does not exist")
    return FileError(f"{uri} cannot be read: {error}")
