"""S3 as the jobs ask it: a client of this process, an object's bytes, sizes below a prefix.

A place is where tables are: a bucket, or a folder of one, written `bucket/folder`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.session import get_session
from botocore.utils import parse_timestamp

# On two cores beside the endpoint, 300 objects of 3 KB: 8 take longer, 32 gain nothing.
REQUESTS_AT_ONCE = 16


def s3_client() -> Any:
    """A client for this process; endpoint, region and credentials come from its environment."""
    retries: Any = {"mode": "standard", "max_attempts": 5}
    config = Config(retries=retries, max_pool_connections=REQUESTS_AT_ONCE)
    session = get_session()
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
    return session.create_client("s3", config=config)


def _moment(text: str) -> datetime:
    # What botocore reads dates with takes two thirds of the time of a long listing.
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return parse_timestamp(text)  # type: ignore[no-any-return]


def within(place: str, key: str) -> tuple[str, str]:
    """The bucket of a place, and the key in it of what the place has as `key`."""
    bucket, _, folder = place.partition("/")
    return bucket, f"{folder.rstrip('/')}/{key}" if folder else key


def body_of(s3: Any, place: str, key: str) -> bytes | None:
    """The object's bytes; None where there is no such object."""
    bucket, key = within(place, key)
    try:
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return body


def put_json(s3: Any, place: str, key: str, body: bytes) -> None:
    bucket, key = within(place, key)
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")


def bytes_below(s3: Any, place: str, prefix: str) -> int:
    """The size of all objects whose keys begin with the prefix."""
    bucket, prefix = within(place, prefix)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return sum(item["Size"] for page in pages for item in page.get("Contents", []))


def object_reader(s3: Any, bucket: str) -> Callable[[str], bytes | None]:
    """What gives the bytes of the object of a key of the bucket; None where there is none.

    It signs and sends requests by the SDK's own parts, without all else that the SDK does for each,
    which takes one and a half times as long on top. Any answer but the object is left to the
    SDK, with its retries, redirects and errors.
    """
    address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "_"})
    base = address.partition("?")[0][: -len("_")]
    credentials: Any = get_session().get_credentials()
    signature = S3SigV4Auth(credentials, "s3", s3.meta.region_name)
    connections = URLLib3Session(max_pool_connections=REQUESTS_AT_ONCE)

    def read(key: str) -> bytes | None:
        request = AWSRequest("GET", base + quote(key, safe="/~"))
        signature.add_auth(request)
        try:
            answer = connections.send(request.prepare())
            if answer.status_code == 200:
                body: bytes = answer.content
                return body
        except HTTPClientError:
            pass  # the SDK tries again
        return body_of(s3, bucket, key)

    return read
