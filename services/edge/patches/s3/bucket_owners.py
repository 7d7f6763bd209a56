"""The account that a caller expects to own a bucket, compared in every call that may name it.

LocalStack (localstack/services/s3/provider.py) compares it in seven calls and ignores it in the
others, reads and writes of objects among them.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from __future__ import annotations

import re
from typing import Any

from localstack.aws import handlers
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.s3.exceptions import InvalidBucketOwnerAWSAccountID
from localstack.services.s3.utils import extract_bucket_key_version_id_from_copy_source

ACCOUNT = re.compile("[0-9]{12}")


def apply() -> None:
    handlers.serve_custom_service_request_handlers.append(check)


def check(_chain: Any, context: Any, _response: Any) -> None:
    """Raise AccessDenied where a bucket is another account's; a handler of LocalStack's chain."""
    if context.operation is None or context.service.service_name != "s3":
        return
    call = context.service_request
    if (owner := call.get("ExpectedBucketOwner")) is not None:
        _compare(context, call["Bucket"], owner)
    if (owner := call.get("ExpectedSourceBucketOwner")) is not None:
        source, *_ = extract_bucket_key_version_id_from_copy_source(call["CopySource"])
        _compare(context, source, owner)


def _compare(context: Any, bucket: str, owner: str) -> None:
    if not ACCOUNT.fullmatch(owner):
        raise InvalidBucketOwnerAWSAccountID(
            "The value of the expected bucket owner parameter must be an AWS Account ID..."
            f" [{owner}]"
        )
    provider = SERVICE_PLUGINS.require("s3")._provider
    provider._get_cross_account_bucket(context, bucket, expected_bucket_owner=owner)
