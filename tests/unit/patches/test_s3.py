"""LocalStack's S3 still has the faults that this project mends."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.s3 import notifications, presigned_url
from localstack.services.s3.codec import AwsChunkedDecoder
from localstack.services.s3.provider import S3Provider
from werkzeug.datastructures import ImmutableMultiDict


@pytest.mark.mended_by("s3.aws_chunked")
@pytest.mark.parametrize(
    ("body", "error"), [(b"9\r\nab", EOFError), (b"no size\r\nab\r\n", ValueError)]
)
def test_a_cut_or_malformed_chunk_is_told_as_something_else_than_an_error_of_s3(body, error):
    decoder = AwsChunkedDecoder(io.BytesIO(body), 9, SimpleNamespace())
    with pytest.raises(error):
        decoder.read()


@pytest.mark.mended_by("s3.event_keys")
def test_a_filter_of_events_is_compared_with_the_encoded_key():
    rules = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "event_date=1/"}]}}
    assert not notifications._matching_filter(rules, "event_date%3D1/a")


@pytest.mark.mended_by("s3.presigned_urls")
def test_the_signature_of_a_form_is_not_looked_at():
    policy = json.dumps({"expiration": "2999-01-01T00:00:00Z", "conditions": []})
    form = {
        "key": "a",
        "policy": base64.b64encode(policy.encode()).decode(),
        "x-amz-signature": "wrong",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": "test/20260101/us-east-1/s3/aws4_request",
        "x-amz-date": "20260101T000000Z",
    }
    assert presigned_url.validate_post_policy(ImmutableMultiDict(form), {}) is None


@pytest.mark.mended_by("s3.presigned_urls")
def test_it_is_remembered_for_ever_that_a_key_was_unknown():
    assert hasattr(presigned_url.get_secret_access_key_from_access_key_id, "cache_info")


class Uploads:
    """A provider's bucket with an upload of each key."""

    def __init__(self, *keys: str) -> None:
        began = datetime(2026, 1, 1, tzinfo=UTC)
        self.name, self.multiparts = "b", {key: self._upload(key, began) for key in keys}

    @staticmethod
    def _upload(key: str, began: datetime) -> Any:
        of = SimpleNamespace(key=key, storage_class="STANDARD")
        return SimpleNamespace(
            id=key, object=of, initiated=began, initiator=None, checksum_algorithm=None
        )

    def _get_cross_account_bucket(self, *_: Any) -> Any:
        return None, self

    def listed(self, **asked: Any) -> list[str]:
        context: Any = SimpleNamespace(account_id="1")
        own: Any = self
        page = S3Provider.list_multipart_uploads(own, context, "b", **asked)
        return [upload["Key"] for upload in page.get("Uploads", [])]


@pytest.mark.mended_by("s3.upload_listings")
def test_the_second_page_of_uploads_is_empty_where_keys_are_encoded():
    uploads = Uploads("day=1/a", "day=1/b")
    assert uploads.listed(key_marker="day=1/a") == ["day=1/b"]
    assert uploads.listed(key_marker="day=1/a", encoding_type="url") == []


@pytest.mark.mended_by("s3.upload_listings")
def test_no_uploads_are_asked_for_and_a_thousand_answered():
    assert Uploads("a", "b").listed(max_uploads=0) == ["a", "b"]


@pytest.mark.mended_by("s3.bucket_owners")
def test_most_calls_pass_over_the_expected_owner():
    bucket = SimpleNamespace(versioning_status=None)
    expected: list[Any] = []

    def found(_context: Any, _bucket: str, expected_bucket_owner: Any = None) -> Any:
        expected.append(expected_bucket_owner)
        return None, bucket

    own: Any = SimpleNamespace(_get_cross_account_bucket=found)
    S3Provider.get_bucket_versioning(own, None, "b", expected_bucket_owner="111122223333")
    assert expected == [None]


@pytest.mark.mended_by("s3.default_encryption")
def test_a_bucket_whose_encryption_settings_are_deleted_has_none():
    bucket = SimpleNamespace(encryption_rule={"BucketKeyEnabled": True})
    provider = SimpleNamespace(_get_cross_account_bucket=lambda *_: (None, bucket))
    S3Provider.delete_bucket_encryption(provider, None, "b")
    assert bucket.encryption_rule is None
