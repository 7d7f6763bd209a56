"""A bucket whose encryption settings are deleted encrypts by SSE-S3 again, as every bucket does.

LocalStack 4.9.2 leaves it with none (localstack/services/s3/provider.py).
https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
"""

from __future__ import annotations

from typing import Any

from localstack.services.s3.constants import DEFAULT_BUCKET_ENCRYPTION
from localstack.services.s3.provider import S3Provider
from localstack.utils.patch import patch


def apply() -> None:
    """Before the provider of this project takes over its calls."""

    @patch(S3Provider.delete_bucket_encryption)
    def delete_bucket_encryption(
        delete: Any, self: Any, context: Any, bucket: str, *more: Any, **rest: Any
    ) -> None:
        delete(self, context, bucket, *more, **rest)
        _, found = self._get_cross_account_bucket(context, bucket)
        found.encryption_rule = DEFAULT_BUCKET_ENCRYPTION
