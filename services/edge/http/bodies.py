"""The body of a request: read to its end, or an error, never half of it as if it were whole."""

from __future__ import annotations

import io
import re
from typing import Protocol

from localstack.aws.api import CommonServiceException

from services.edge.http.heads import CRLF, HeadError, Lines, fields

CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
LINE_BYTES = 8 * 2**10
TRAILER_BYTES = 16 * 2**10


class BodyError(CommonServiceException):
    """What the client is told of a body that is not whole: nothing of it is acted on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, status_code=400)


def incomplete() -> BodyError:
    """As S3 answers it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""
    return BodyError(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
    )


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class Body(io.RawIOBase):
    """What both kinds share: an error of the connection or in the coding is the body's for good."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._error: BodyError | None = None
        self.is_finished = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._error is None:
            try:
                data = self._next(len(buffer))
                buffer[: len(data)] = data
                return len(data)
            except BodyError as error:
                self._error = error
            except TimeoutError:
                self._error = BodyError("RequestTimeout", "The body came too slowly.")
            except (HeadError, OSError):
                self._error = incomplete()
        raise self._error

    def drained(self, limit: int) -> bool:
        """Whether the body is read to its end, after at most `limit` bytes more."""
        try:
            while not self.is_finished and limit > 0:
                limit -= len(self.read(min(limit, io.DEFAULT_BUFFER_SIZE)) or b"")
        except BodyError:
            return False
        return self.is_finished

    def _next(self, size: int) -> bytes:
        """At most `size` bytes; none at the end of the body."""
        raise NotImplementedError

    def _exactly(self, size: int) -> bytes:
        data = self._source.read(size)
        if len(data) < size:
            raise incomplete()
        return data


class LengthBody(Body):
    """A body of `length` bytes."""

    def __init__(self, source: Source, length: int) -> None:
        super().__init__(source)
        self._left = length
        self.is_finished = length == 0

    def drained(self, limit: int) -> bool:
        return self._left <= limit and super().drained(limit)

    def _next(self, size: int) -> bytes:
        data = self._exactly(min(size, self._left))
        self._left -= len(data)
        self.is_finished = self._left == 0
        return data


class ChunkedBody(Body):
    """A body in chunks, with what may follow them."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._left = 0
        self._is_first = True

    def _next(self, size: int) -> bytes:
        if self._left == 0 and not self.is_finished:
            self._begin_chunk()
        data = self._exactly(min(size, self._left))
        self._left -= len(data)
        return data

    def _begin_chunk(self) -> None:
        if not self._is_first and self._exactly(2) != CRLF:
            raise malformed()
        self._is_first = False
        line = self._source.readline(LINE_BYTES)
        head = CHUNK.fullmatch(line)
        if head is None:
            raise malformed() if line.endswith(b"\n") else incomplete()
        self._left = int(head[1], 16)
        if self._left == 0:
            # What follows the last chunk is for proxies: S3's checksums are in the body itself.
            fields(iter(Lines(self._source, TRAILER_BYTES).readline, b""))
            self.is_finished = True


def malformed() -> BodyError:
    """No code of S3's stands for it alone."""
    return BodyError("InvalidRequest", "The chunks of the body are malformed.")
