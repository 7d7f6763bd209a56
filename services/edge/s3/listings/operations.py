"""ListObjects, ListObjectsV2 and ListObjectVersions, read page by page from where objects are.

LocalStack sorts all objects of a bucket for each page. It also compares encoded keys with raw
markers (with boto3 a second page comes back empty), tells more to come where no key of the
prefix is left, and all versions at once where a bucket has no versioning (provider.py, 4.9.2).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.aws.api.s3 import InvalidArgument
from localstack.constants import AWS_REGION_US_EAST_1
from localstack.http import Response

from services.edge.s3.limits import LISTED
from services.edge.s3.listings import answers
from services.edge.s3.listings.pages import Entry, Page, after, common_prefix, following, page
from services.edge.s3.listings.versions import Versions

Request = dict[str, Any]
# What LocalStack's serialiser tells as the host of each answer.
HOST_ID = "s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234="


class Listings:
    """Operations of an S3 provider whose buckets' objects have `current` and `versions`."""

    _get_cross_account_bucket: Callable[..., Any]

    @handler("ListObjects", expand=False)  # type: ignore[misc]
    def list_objects(self, context: RequestContext, request: Request) -> Response:
        bucket = self._listed_bucket(context, request)
        marker, write = request.get("Marker") or "", _writing(request)
        start = _start_behind(marker, request)
        found = _page(bucket.objects.current, start, request)
        last = found.listed[-1] if found.following and request.get("Delimiter") else None
        fields = {
            **_named(request, write),
            "Marker": write(marker),
            "NextMarker": None if last is None else write(_name(last)),
            **_counted(request, found),
        }
        return _answer(context, fields, found, bucket, request, is_owned=True)

    @handler("ListObjectsV2", expand=False)  # type: ignore[misc]
    def list_objects_v2(self, context: RequestContext, request: Request) -> Response:
        bucket = self._listed_bucket(context, request)
        token, after_key = request.get("ContinuationToken"), request.get("StartAfter")
        write = _writing(request)
        start = after(after_key) if after_key else ""
        found = _page(
            bucket.objects.current, start if token is None else _from_token(token), request
        )
        more = found.following
        fields = {
            **_named(request, write),
            "StartAfter": write(after_key) if after_key and token is None else None,
            "ContinuationToken": None if token is None else answers.raw(token),
            "NextContinuationToken": _token(more.key) if more else None,
            "KeyCount": len(found.listed),
            **_counted(request, found),
        }
        is_owned = bool(request.get("FetchOwner"))
        return _answer(context, fields, found, bucket, request, is_owned=is_owned)

    @handler("ListObjectVersions", expand=False)  # type: ignore[misc]
    def list_object_versions(self, context: RequestContext, request: Request) -> Response:
        key, version = request.get("KeyMarker") or "", request.get("VersionIdMarker") or ""
        if version and not key:
            raise InvalidArgument(
                "A version-id marker cannot be specified without a key marker.",
                ArgumentName="version-id-marker",
                ArgumentValue=version,
            )
        bucket, write = self._listed_bucket(context, request), _writing(request)
        source = Versions(bucket.objects.versions, key, version)
        found = _page(source, key if version else _start_behind(key, request), request)
        last = found.listed[-1] if found.following else None
        fields = {
            **_named(request, write),
            "KeyMarker": write(key),
            "VersionIdMarker": answers.raw(version),
            "NextKeyMarker": None if last is None else write(_name(last)),
            "NextVersionIdMarker": last.version if isinstance(last, Entry) else None,
            **_counted(request, found),
        }
        owner = answers.owner(bucket.owner)
        listed = [
            answers.common_prefix(one, write)
            if isinstance(one, str)
            else answers.version(one, source.is_latest(one), write, owner)
            for one in found.listed
        ]
        return _response(context, "ListVersionsResult", fields, listed, bucket)

    def _listed_bucket(self, context: RequestContext, request: Request) -> Any:
        owner = request.get("ExpectedBucketOwner")
        return self._get_cross_account_bucket(
            context, request["Bucket"], expected_bucket_owner=owner
        )[1]


def _page(source: Callable[..., Iterator[Entry]], start: str, request: Request) -> Page:
    limit = _limit(request)
    if limit == 0:
        return Page([], None)
    return page(source, start, request.get("Prefix") or "", request.get("Delimiter") or "", limit)


def _start_behind(marker: str, request: Request) -> str:
    """Behind a key; behind all keys of a common prefix, which was listed as one."""
    if not marker:
        return ""
    common = common_prefix(marker, request.get("Prefix") or "", request.get("Delimiter") or "")
    return after(marker) if common is None else following(common) or after(marker)


def _from_token(token: str) -> str:
    try:
        if key := base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode():
            return key
    except ValueError:
        pass
    raise InvalidArgument(
        "The continuation token provided is incorrect", ArgumentName="continuation-token"
    )


def _token(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _name(listed: Entry | str) -> str:
    return listed if isinstance(listed, str) else listed.key


def _limit(request: Request) -> int:
    asked = request.get("MaxKeys")
    return LISTED if asked is None else min(asked, LISTED)


def _writing(request: Request) -> answers.Encoding:
    return answers.encoded if request.get("EncodingType") else answers.raw


def _named(request: Request, write: answers.Encoding) -> dict[str, Any]:
    delimiter = request.get("Delimiter")
    return {
        "Name": request["Bucket"],
        "Prefix": write(request.get("Prefix") or ""),
        "Delimiter": write(delimiter) if delimiter else None,
        "EncodingType": "url" if request.get("EncodingType") else None,
    }


def _counted(request: Request, found: Page) -> dict[str, Any]:
    return {"MaxKeys": _limit(request), "IsTruncated": found.following is not None}


def _answer(
    context: RequestContext,
    fields: Request,
    found: Page,
    bucket: Any,
    request: Request,
    *,
    is_owned: bool,
) -> Response:
    write = _writing(request)
    owner = answers.owner(bucket.owner) if is_owned else ""
    listed = [
        answers.common_prefix(one, write)
        if isinstance(one, str)
        else answers.contents(one, write, owner)
        for one in found.listed
    ]
    return _response(context, "ListBucketResult", fields, listed, bucket)


def _response(
    context: RequestContext, root: str, fields: Request, listed: list[str], bucket: Any
) -> Response:
    headers = {
        "Content-Type": "application/xml",
        "x-amz-request-id": context.request_id,
        "x-amz-id-2": HOST_ID,
    }
    # Else LocalStack parses the document again, for handlers that nobody has added.
    context.service_response = {"Name": bucket.name}
    response = Response(answers.document(root, fields, listed), headers=headers)
    if bucket.bucket_region != AWS_REGION_US_EAST_1:
        response.headers["x-amz-bucket-region"] = bucket.bucket_region
    return response
