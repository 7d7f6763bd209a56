"""Values that S3 answers with as headers: what no header can hold is refused when it is sent.

A line break would end the header, or begin another one; LocalStack answers such a GetObject by 500.
https://www.rfc-editor.org/rfc/rfc9110#name-field-values
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localstack.aws.api.s3 import InvalidArgument

# By the parameter of GetObject and HeadObject, its name in the request.
OVERRIDES = {
    "ResponseCacheControl": "response-cache-control",
    "ResponseContentDisposition": "response-content-disposition",
    "ResponseContentEncoding": "response-content-encoding",
    "ResponseContentLanguage": "response-content-language",
    "ResponseContentType": "response-content-type",
}
# By the parameter of the calls that store an object.
STORED = {
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "ContentEncoding": "Content-Encoding",
    "ContentLanguage": "Content-Language",
    "ContentType": "Content-Type",
    "WebsiteRedirectLocation": "x-amz-website-redirect-location",
}
METADATA = "x-amz-meta-"
FORM_FIELDS = frozenset(name.lower() for name in STORED.values())
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
BEYOND_LATIN_1 = re.compile(r"[^\x00-\xff]")


def check(call: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Raise S3's error where one of these parameters of a call cannot be answered as a header."""
    for parameter, name in names.items():
        if value := call.get(parameter):
            _check(name, value)


def check_stored(call: Mapping[str, Any]) -> None:
    check(call, STORED)
    for name, value in (call.get("Metadata") or {}).items():
        _check(f"{METADATA}{name}", value)


def check_form(fields: Mapping[str, str]) -> None:
    """The same of an upload by a form; names of fields are in lower case."""
    for name, value in fields.items():
        if name in FORM_FIELDS or name.startswith(METADATA):
            _check(name, value)


def _check(name: str, value: str) -> None:
    if BEYOND_LATIN_1.search(value):
        told = "Header value cannot be represented using ISO-8859-1."
    elif CONTROL.search(value):
        told = "Header value cannot contain line breaks or other control characters."
    else:
        return
    raise InvalidArgument(told, ArgumentName=name, ArgumentValue=value)
