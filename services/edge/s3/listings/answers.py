"""The XML of S3's listings: written in one pass, for a page has a thousand entries.

LocalStack's serialiser takes several times as long for a page as SQLite does to read it.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html and its neighbours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from services.edge.s3.listings.pages import Entry

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
# What XML 1.0 has no way to say, S3 says nevertheless; clients that mind ask for encoding.
CONTROLS = {chr(code): f"&#{code};" for code in range(32) if chr(code) not in "\t\n"}
Encoding = Callable[[str], str]


def raw(text: str) -> str:
    return escape(text, CONTROLS)


def encoded(text: str) -> str:
    """As EncodingType=url wants keys, prefixes and markers: slashes kept."""
    return quote(text)


def document(root: str, fields: dict[str, Any], listed: Iterable[str]) -> bytes:
    """`fields` in their order, those that are None left out; their texts are written already."""
    head = "".join(
        f"<{name}>{_text(value)}</{name}>" for name, value in fields.items() if value is not None
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">'
        f"{head}{''.join(listed)}</{root}>"
    ).encode()


def common_prefix(prefix: str, write: Encoding) -> str:
    return f"<CommonPrefixes><Prefix>{write(prefix)}</Prefix></CommonPrefixes>"


def contents(entry: Entry, write: Encoding, owner: str) -> str:
    return (
        f"<Contents><Key>{write(entry.key)}</Key>{_data(entry)}{owner}"
        f"<StorageClass>{entry.storage_class}</StorageClass></Contents>"
    )


def version(entry: Entry, is_latest: bool, write: Encoding, owner: str) -> str:
    identity = (
        f"<Key>{write(entry.key)}</Key><VersionId>{entry.version}</VersionId>"
        f"<IsLatest>{_text(is_latest)}</IsLatest>"
    )
    if entry.size is None:
        modified = f"<LastModified>{_moment(entry.modified // 1_000_000)}</LastModified>"
        return f"<DeleteMarker>{identity}{modified}{owner}</DeleteMarker>"
    return (
        f"<Version>{identity}{_data(entry)}{owner}<StorageClass>STANDARD</StorageClass></Version>"
    )


def owner(person: dict[str, str] | None) -> str:
    known = (person or {}).items()
    return f"<Owner>{''.join(f'<{name}>{raw(text)}</{name}>' for name, text in known)}</Owner>"


def _data(entry: Entry) -> str:
    checksum = (
        f"<ChecksumAlgorithm>{entry.checksum_algorithm}</ChecksumAlgorithm>"
        f"<ChecksumType>{entry.checksum_type}</ChecksumType>"
        if entry.checksum_algorithm
        else ""
    )
    return (
        f"<LastModified>{_moment(entry.modified // 1_000_000)}</LastModified>"
        f'<ETag>"{entry.etag}"</ETag>{checksum}<Size>{entry.size}</Size>'
    )


@lru_cache(maxsize=4096)
def _moment(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
