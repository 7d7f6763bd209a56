"""Requests of S3 as SDKs send them, by hand: what they ask for is in plain sight."""

from __future__ import annotations

SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=test/20260116/us-east-1/s3/aws4_request,"
    f" SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={'0' * 64}"
)
SIGNED = {
    "Authorization": SIGNATURE,
    "X-Amz-Date": "20260116T101500Z",
    "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD",
}
# No call of S3 has it: a request with it goes through LocalStack's whole chain.
THE_WHOLE_WAY = {"x-amz-of-no-call": "1"}
