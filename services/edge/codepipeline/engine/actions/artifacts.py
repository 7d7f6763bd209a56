"""An artifact: a zip of a tree of files, in the pipeline's bucket under a key as AWS makes it."""

from __future__ import annotations

import io
import secrets
import string
import zipfile
from typing import Any

from botocore.exceptions import ClientError

from services.edge.codepipeline.errors import ActionError

ALPHABET = string.ascii_letters + string.digits
Place = dict[str, str]


def place(bucket: str, pipeline: str, artifact: str) -> Place:
    """AWS shortens both names and adds seven characters at random."""
    unique = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return {"bucket": bucket, "key": f"{pipeline[:20]}/{artifact[:10]}/{unique}"}


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {i.filename: archive.read(i) for i in archive.infolist() if not i.is_dir()}
    except zipfile.BadZipFile as error:
        raise ActionError("JobFailed", f"The artifact is not a zip: {error}") from error


def written(s3: Any, target: Place, content: bytes) -> None:
    put(s3, target["bucket"], target["key"], content)


def copied(s3: Any, source: dict[str, str], target: Place) -> None:
    """An object's version as the artifact, byte for byte, without passing through this process."""
    try:
        s3.copy_object(Bucket=target["bucket"], Key=target["key"], CopySource=source)
    except ClientError as error:
        raise refused(error, target["bucket"]) from error


def read(s3: Any, source: Place | None) -> bytes:
    if source is None:
        raise ActionError("ConfigurationError", "The action's input artifact was not produced")
    try:
        answer = s3.get_object(Bucket=source["bucket"], Key=source["key"])
    except ClientError as error:
        raise refused(error, source["bucket"]) from error
    return bytes(answer["Body"].read())


def put(s3: Any, bucket: str, key: str, content: bytes, **headers: str) -> None:
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=content, **headers)
    except ClientError as error:
        raise refused(error, bucket) from error


def refused(error: ClientError, bucket: str) -> ActionError:
    """S3's own words: a missing bucket is an error of configuration."""
    found = error.response["Error"]
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return ActionError(
        "ConfigurationError",
        f"{found.get('Message')} (Service: Amazon S3; Status Code: {status};"
        f" Error Code: {found['Code']}; Bucket: {bucket})",
    )
