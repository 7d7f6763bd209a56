"""Bodies in the coding aws-chunked, whole or refused.

LocalStack's decoder (localstack/services/s3/codec.py, 4.9.2) answers a cut or malformed one with
500, and takes a negative size of a chunk for "all that is left".
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import io
import re
from contextvars import ContextVar
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.services.s3 import provider
from localstack.services.s3.codec import AwsChunkedDecoder
from localstack.utils.patch import Patch

from services.edge.http.bodies import BodyError, incomplete, malformed

HEAD = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[^\r\n]*)?\r\n")
CHECKSUM = "x-amz-checksum-"
LINE_BYTES = 8 * 2**10
# The checksums that the request of this thread says will follow its body; None where none may.
_DECLARED: ContextVar[frozenset[str] | None] = ContextVar("declared_trailers", default=None)


class WholeChunks(AwsChunkedDecoder):  # type: ignore[misc]
    """Ends only after the last chunk, as many bytes as were announced and the declared checksum."""

    def __init__(self, stream: Any, decoded_content_length: int, s3_object: Any = None) -> None:
        # Without a body LocalStack has no stream.
        super().__init__(stream or io.BytesIO(), decoded_content_length, s3_object)
        self._declared = _DECLARED.get()

    def read(self, size: int = -1) -> bytes:
        try:
            data: bytes = super().read(size)
        except EOFError as error:
            raise incomplete() from error
        if self._decoded_length < 0:
            raise incomplete()
        return data

    def _strip_chunk_new_lines(self) -> None:
        found = self._stream.read(2)
        if found != b"\r\n":
            raise malformed() if len(found) == 2 else incomplete()

    def _get_next_chunk_length(self) -> None:
        line = self._stream.readline(LINE_BYTES)
        head = HEAD.fullmatch(line)
        if head is None:
            raise malformed() if line.endswith(b"\n") else incomplete()
        self._chunk_size = int(head[1], 16)

    def _get_trailing_headers(self) -> None:
        try:
            super()._get_trailing_headers()
        except ValueError as error:  # not UTF-8, or no `name:value`
            raise malformed_trailer() from error
        sent = {name for name in self._trailing_headers if name.startswith(CHECKSUM)}
        # LocalStack takes its own checksum where the declared one is missing.
        if self._declared is not None and sent != self._declared:
            raise malformed_trailer()


def check(headers: Any) -> None:
    """Raise BodyError unless an aws-chunked body says its decoded length, as a number."""
    _DECLARED.set(_declared(headers))
    if "aws-chunked" not in headers.get("content-encoding", "") and not headers.get(
        "x-amz-content-sha256", ""
    ).startswith("STREAMING-"):
        return
    length = headers.get("x-amz-decoded-content-length", "")
    if not length:
        raise MissingLengthError
    if not (length.isascii() and length.isdigit()):
        raise BodyError("InvalidArgument", "Expected a number in x-amz-decoded-content-length.")


def _declared(headers: Any) -> frozenset[str] | None:
    if not headers.get("x-amz-content-sha256", "").endswith("-TRAILER"):
        return None  # SDKs that send the checksum as a header may name it as a trailer too
    names = [name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",")]
    return frozenset(name for name in names if name.startswith(CHECKSUM))


def malformed_trailer() -> BodyError:
    """S3's answer where what follows the body is not what x-amz-trailer says."""
    return BodyError(
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our"
        " published schema.",
    )


class MissingLengthError(CommonServiceException):
    """As S3 answers it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""

    def __init__(self) -> None:
        message = "You must provide the Content-Length HTTP header."
        super().__init__("MissingContentLength", message, status_code=411)


def apply() -> None:
    Patch(provider, "AwsChunkedDecoder", WholeChunks).apply()
