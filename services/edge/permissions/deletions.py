"""S3's DeleteObjects deletes what its caller may delete, and tells by object what it may not.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from __future__ import annotations

from typing import Any

from localstack.services.s3.provider import S3Provider
from localstack.utils.patch import patch


def apply() -> None:
    @patch(S3Provider.delete_objects)
    def delete_objects(
        original: Any, self: Any, context: Any, bucket: str, delete: Any, *rest: Any, **named: Any
    ) -> dict[str, Any]:
        refused: dict[tuple[str, str | None], str] = getattr(context, "refused_deletions", {})
        left = [one for one in delete["Objects"] if place_of(one) not in refused]
        answer: dict[str, Any] = {}
        if left or not refused:
            answer = original(self, context, bucket, {**delete, "Objects": left}, *rest, **named)
        told = [error(*place, message) for place, message in refused.items()]
        return {**answer, "Errors": [*answer.get("Errors", []), *told]} if told else answer


def place_of(one: dict[str, Any]) -> tuple[str, str | None]:
    return one["Key"], one.get("VersionId")


def error(key: str, version: str | None, message: str) -> dict[str, str]:
    versioned = {"VersionId": version} if version else {}
    return {"Key": key, **versioned, "Code": "AccessDenied", "Message": message}
