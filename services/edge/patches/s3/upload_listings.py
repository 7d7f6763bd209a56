"""Whole listings of uploads: LocalStack compares percent-encoded keys with raw markers.

With EncodingType=url (boto3's default) a key such as `event_date=2026-01-14/x` is compared as
`event_date%3D2026...` with a marker that is not encoded, and pages are lost. Here the provider
lists without encoding and the answer is encoded afterwards, as S3 does (provider.py of 4.9.2 and
4.13.1, `list_multipart_uploads`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from localstack.services.s3.provider import S3Provider
from localstack.utils.patch import Patch

Listing = dict[str, Any]

# Top-level fields, and the fields of each listed entry, that S3 encodes.
FIELDS = ("Delimiter", "KeyMarker", "NextKeyMarker", "Prefix")
ENTRIES = {"Uploads": "Key", "CommonPrefixes": "Prefix"}


def apply() -> None:
    listing = _encoding_afterwards(S3Provider.list_multipart_uploads)
    Patch(S3Provider, "list_multipart_uploads", listing).apply()


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


def empty(listing: Listing) -> Listing:
    """The same listing where none were asked for; LocalStack takes 0 for its default."""
    left_out = {*ENTRIES, *(name for name in listing if name.startswith("Next"))}
    kept = {name: value for name, value in listing.items() if name not in left_out}
    return {**kept, "MaxUploads": 0, "IsTruncated": False}


def _encoding_afterwards(operation: Callable[..., Listing]) -> Callable[..., Listing]:
    @functools.wraps(operation)
    def whole_listing(self: Any, context: Any, *args: Any, **kwargs: Any) -> Listing:
        encoding = kwargs.pop("encoding_type", None)
        listing = operation(self, context, *args, **kwargs)
        if context.service_request.get("MaxUploads") == 0:
            listing = empty(listing)
        return encoded(listing) if encoding else listing

    return whole_listing
