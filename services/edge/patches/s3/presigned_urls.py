"""Presigned URLs and forms: LocalStack checks the signatures of URLs, here also what it leaves out.

localstack/services/s3/presigned_url.py (4.9.2) answers 500 to parameters that are no numbers or
dates, takes any validity, remembers for ever that a key was unknown, and does not look at the
signature of a form's policy. edge.env turns its checks on.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from botocore.auth import HmacV1QueryAuth
from localstack.aws.api.s3 import (
    AccessDenied,
    AuthorizationQueryParametersError,
    SignatureDoesNotMatch,
)
from localstack.services.s3 import presigned_url, provider
from localstack.utils.patch import Patch

from services.edge.permissions import credentials as temporary
from services.edge.s3 import header_values

ALGORITHM = "AWS4-HMAC-SHA256"
WEEK_SECONDS = 604_800
SKEW = timedelta(minutes=15)
DATE = "%Y%m%dT%H%M%SZ"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided."
    " Check your key and signing method."
)


def apply() -> None:
    for name, wrapped in (
        ("get_secret_access_key_from_access_key_id", _with_sessions),
        ("get_credentials_from_parameters", _with_token),
        ("validate_presigned_url_s3v4", partial(_after, check_parameters)),
        ("validate_presigned_url_s3", partial(_after, check_expires)),
        ("_reverse_inject_signature_hmac_v1_query", _signed_headers_v2),
    ):
        Patch(presigned_url, name, wrapped(getattr(presigned_url, name))).apply()
    resource = presigned_url.HmacV1QueryAuthValidation
    Patch(resource, "canonical_resource", _resource_v2).apply()
    validate = provider.validate_post_policy

    def validate_post_policy(form: Any, additional: Any) -> None:
        check_form(form)
        validate(form, additional)

    Patch(provider, "validate_post_policy", validate_post_policy).apply()


def check_parameters(parameters: Any, now: datetime) -> None:
    """Raise S3's error unless the parameters of a URL of signature version 4 can be read."""
    if parameters["X-Amz-Algorithm"] != ALGORITHM:
        raise AuthorizationQueryParametersError(f'X-Amz-Algorithm only supports "{ALGORITHM}"')
    signed_at = _signed_at(parameters["X-Amz-Date"])
    text = parameters["X-Amz-Expires"]
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()):
        raise AuthorizationQueryParametersError("X-Amz-Expires should be a number")
    if text.startswith("-"):
        raise AuthorizationQueryParametersError("X-Amz-Expires must be non-negative")
    if len(text) > len(str(WEEK_SECONDS)) or int(text) > WEEK_SECONDS:
        raise AuthorizationQueryParametersError(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires"
            f" must be less than {WEEK_SECONDS} seconds"
        )
    if signed_at > now + SKEW:
        raise AccessDenied("Request is not yet valid")


def check_expires(parameters: Any, _now: datetime) -> None:
    """The same of signature version 2, whose only number is a time in seconds since 1970."""
    text = parameters["Expires"]
    if not (text.isascii() and text.isdigit()):
        raise AccessDenied(f"Invalid date (should be seconds since epoch): {text}")


def check_form(form: Any) -> None:
    """Raise S3's error unless the policy of an upload by a form is signed, and its fields can be
    answered as headers."""
    fields = {name.lower(): value for name, value in form.items()}
    header_values.check_form(fields)
    policy = fields.get("policy")
    if not policy:
        return
    if "x-amz-signature" in fields and "x-amz-credential" in fields:
        scope = fields["x-amz-credential"].split("/")
        if len(scope) != 5:
            raise SignatureDoesNotMatch(MISMATCH)
        sent, right = fields["x-amz-signature"], _signature_v4(policy, scope)
    elif "signature" in fields and "awsaccesskeyid" in fields:
        sent, right = fields["signature"], _signature_v2(policy, fields["awsaccesskeyid"])
    else:
        return  # LocalStack says which field is missing
    if not hmac.compare_digest(sent.encode(), right.encode()):
        raise SignatureDoesNotMatch(MISMATCH)


def _with_sessions(cached: Any) -> Callable[[str, str], str | None]:
    """The secrets of roles' sessions are this project's, those of users moto's."""

    def found(access_key_id: str, region: str) -> str | None:
        if access_key_id.startswith(temporary.PREFIX):
            return temporary.secret_of(access_key_id)
        secret: str | None = cached.__wrapped__(access_key_id, region)
        return secret

    return found


def _with_token(credentials: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """The token of a role's session has a name in lower case in the older signature."""

    def found(parameters: Any, region: str) -> Any:
        known = credentials(parameters, region)
        token = known.security_token or parameters.get("x-amz-security-token")
        return known._replace(security_token=token)

    return found


def _signed_headers_v2(restore: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """LocalStack takes these of the query too, and so a request without the type it must have."""

    def restored(request: Any) -> Any:
        address, headers = restore(request)
        for name in ("content-type", "content-md5"):
            if name not in request.headers:
                del headers[name]
        return address, headers

    return restored


def _resource_v2(self: Any, split: Any, auth_path: str | None = None) -> str:
    """A bucket by itself is signed with a slash behind it, as botocore does it."""
    path = split.path if split.path.count("/") > 1 else f"{split.path.rstrip('/')}/"
    return str(HmacV1QueryAuth.canonical_resource(self, split._replace(path=path), auth_path))


def _signature_v4(policy: str, scope: list[str]) -> str:
    key, date, region, service, _ = scope
    signed = f"AWS4{_secret(key)}".encode()
    for part in (date, region, service, "aws4_request", policy):
        signed = hmac.new(signed, part.encode(), hashlib.sha256).digest()
    return signed.hex()


def _signature_v2(policy: str, key: str) -> str:
    digest = hmac.new(_secret(key).encode(), policy.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _secret(key: str) -> str:
    found = presigned_url.get_credentials_from_parameters({"AWSAccessKeyId": key}, "us-east-1")
    return str(found.secret_access_key)


def _signed_at(text: str) -> datetime:
    try:
        return datetime.strptime(text, DATE).replace(tzinfo=UTC)
    except ValueError as error:
        raise AuthorizationQueryParametersError(
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        ) from error


def _after(
    check: Callable[[Any, datetime], None], validate: Callable[[Any], None]
) -> Callable[[Any], None]:
    def checked(context: Any) -> None:
        check(context.request.args, datetime.now(UTC))
        validate(context)

    return checked
