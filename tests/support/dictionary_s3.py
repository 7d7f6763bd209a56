"""An S3 client over a dictionary: what the jobs ask of it, with pages of two keys."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


class DictionaryS3:
    """Of one bucket, whatever its name; an object is of NOON unless `times` says otherwise."""

    def __init__(self, objects: dict[str, bytes], failing: tuple[str, ...] = ()) -> None:
        self.objects, self.failing = dict(objects), failing
        self.times: dict[str, datetime] = {}

    def get_paginator(self, operation: str) -> DictionaryS3:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket: str, Prefix: str, Delimiter: str = "") -> Any:
        keys = sorted(k for k in self.objects if k.startswith(Prefix))
        if Delimiter:
            rests = {key: key.removeprefix(Prefix).partition(Delimiter) for key in keys}
            folders = sorted({Prefix + rest[0] + Delimiter for rest in rests.values() if rest[1]})
            yield {"CommonPrefixes": [{"Prefix": folder} for folder in folders]}
            keys = [key for key, rest in rests.items() if not rest[1]]
        for second, start in enumerate(range(0, max(1, len(keys)), 2)):
            headers = {"date": f"Tue, 20 Jan 2026 12:00:{second:02} GMT"}
            page: dict[str, Any] = {"ResponseMetadata": {"HTTPHeaders": headers}}
            if contents := [self._entry(key) for key in keys[start : start + 2]]:
                page["Contents"] = contents
            yield page

    def _entry(self, key: str) -> dict[str, Any]:
        etag = f'"{hashlib.md5(self.objects[key]).hexdigest()}"'
        time, size = self.times.get(key, NOON), len(self.objects[key])
        return {"Key": key, "LastModified": time, "ETag": etag, "Size": size}

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        if Key in self.failing:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key])}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:
        self.objects[Key] = Body
