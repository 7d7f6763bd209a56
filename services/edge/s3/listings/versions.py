"""The versions behind a marker of a key and a version, and which of them are the latest."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from localstack.aws.api.s3 import InvalidArgument

from services.edge.s3.listings.pages import Entry, Source

NULL = "null"  # the version of what was stored without versioning


class Versions:
    """A source without those that the marker leaves out; `version` is empty where there is none.

    Raises S3's error where the version is none.
    """

    def __init__(self, source: Source, key: str, version: str) -> None:
        self._source, self._key, self._version = source, key, version
        self._latest: dict[str, int] = {}
        if version:
            _sequence(version)

    def __call__(self, start: str, end: str | None) -> Iterator[Entry]:
        for key, group in groupby(self._source(start, end), key=attrgetter("key")):
            versions = list(group)
            self._latest[key] = versions[0].position
            yield from self._behind(versions) if key == self._key else versions

    def is_latest(self, entry: Entry) -> bool:
        return self._latest[entry.key] == entry.position

    def _behind(self, versions: list[Entry]) -> list[Entry]:
        """Where the marker was deleted since, those older than it; rather one twice than none."""
        for number, entry in enumerate(versions):
            if entry.version == self._version:
                return versions[number + 1 :]
        if self._version in ("", NULL):
            return versions
        return [entry for entry in versions if _sequence(entry.version) <= _sequence(self._version)]


def _sequence(version: str) -> bytes:
    """What grows from version to version (LocalStack's generate_safe_version_id)."""
    if version == NULL:
        return b""
    try:
        return base64.b64decode(version, altchars=b"._", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidArgument(
            "Invalid version id specified",
            ArgumentName="version-id-marker",
            ArgumentValue=version,
        ) from error
