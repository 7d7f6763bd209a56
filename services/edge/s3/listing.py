"""Whole S3 listings: LocalStack compares percent-encoded keys with raw markers and loses pages.

With EncodingType=url (boto3's default) a key such as `event_date=2026-01-14/x` is compared as
`event_date%3D2026...` with a marker that is not encoded. Here the provider lists without encoding
and the answer is encoded afterwards, as S3 does. Seen in 4.9.2 and 4.13.1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from localstack.services.s3.provider import S3Provider

Listing = dict[str, Any]

# Top-level fields, and the fields of each listed entry, that S3 encodes.
FIELDS = (
    "Delimiter",
    "KeyMarker",
    "Marker",
    "NextKeyMarker",
    "NextMarker",
    "Prefix",
    "StartAfter",
)
ENTRIES = {
    "Contents": "Key",
    "Versions": "Key",
    "DeleteMarkers": "Key",
    "Uploads": "Key",
    "CommonPrefixes": "Prefix",
}
# The operations, and what each calls the number of entries that is asked for.
OPERATIONS = {
    "list_objects": "MaxKeys",
    "list_objects_v2": "MaxKeys",
    "list_object_versions": "MaxKeys",
    "list_multipart_uploads": "MaxUploads",
}


def mend() -> None:
    """Replace the four list operations of LocalStack's S3 provider; call once, before it loads."""
    for name, count in OPERATIONS.items():
        setattr(S3Provider, name, _encoding_afterwards(getattr(S3Provider, name), count))


def encoded(listing: Listing) -> Listing:
    """The same listing with keys, prefixes and markers percent-encoded, slashes kept."""
    answer = {**listing, "EncodingType": "url"}
    for field in FIELDS:
        if answer.get(field):
            answer[field] = quote(answer[field])
    for field, name in ENTRIES.items():
        if field in answer:
            answer[field] = [{**entry, name: quote(entry[name])} for entry in answer[field]]
    return answer


def empty(listing: Listing, count: str) -> Listing:
    """The same listing where none were asked for; LocalStack takes 0 for its default."""
    left_out = {*ENTRIES, *(name for name in listing if name.startswith("Next"))}
    kept = {name: value for name, value in listing.items() if name not in left_out}
    counted = {"KeyCount": 0} if "KeyCount" in listing else {}
    return {**kept, **counted, count: 0, "IsTruncated": False}


def _encoding_afterwards(operation: Callable[..., Listing], count: str) -> Callable[..., Listing]:
    @functools.wraps(operation)
    def whole_listing(self: Any, context: Any, *args: Any, **kwargs: Any) -> Listing:
        encoding = kwargs.pop("encoding_type", None)
        listing = operation(self, context, *args, **kwargs)
        if context.service_request.get(count) == 0:
            listing = empty(listing, count)
        return encoded(listing) if encoding else listing

    return whole_listing
