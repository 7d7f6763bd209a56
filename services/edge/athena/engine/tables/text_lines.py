"""The lines of a text file, decompressed by its name, without header and footer."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from services.edge.athena.engine.files import File, Storage
from services.edge.athena.sql.errors import QueryError

BOM = b"\xef\xbb\xbf"
_READ: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.decompress,
    "bz2": bz2.decompress,
    "zst": lambda raw: bytes(pa.CompressedInputStream(pa.BufferReader(raw), "zstd").read()),
    "deflate": zlib.decompress,
}
# Athena reads them, this does not: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
_UNREAD = ("snappy", "lz4", "lzo")


@dataclass(frozen=True)
class Trim:
    """How many lines of each file are no rows, and the bytes' encoding."""

    header: int
    footer: int
    encoding: str

    @classmethod
    def of(cls, properties: dict[str, str]) -> Trim:
        encoding = properties.get("serialization.encoding", "UTF-8")
        try:
            b"".decode(encoding)
        except LookupError as error:
            raise QueryError(
                "HIVE_INVALID_METADATA", f"serialization.encoding {encoding!r} is not known"
            ) from error
        header = _count(properties, "skip.header.line.count")
        return cls(header, _count(properties, "skip.footer.line.count"), encoding)


def _count(properties: dict[str, str], name: str) -> int:
    value = str(properties.get(name, "0")).strip()
    if not (value.isascii() and value.isdigit()):
        raise QueryError(
            "HIVE_INVALID_METADATA",
            f"Invalid value for {name} property: {value}; expected a number of lines",
        )
    return int(value)


def lines(file: File, storage: Storage, trim: Trim) -> list[str]:
    """A byte that is not of the encoding becomes U+FFFD, as in Athena."""
    with storage.files.open_input_stream(file.path, compression=None) as stream:
        raw = stream.read()
    body = _decompressed(file, raw).removeprefix(BOM)
    plain = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = plain.decode(trim.encoding, errors="replace").split("\n")
    if found and not found[-1]:
        found.pop()
    return found[trim.header : max(trim.header, len(found) - trim.footer)]


def _decompressed(file: File, raw: Any) -> bytes:
    suffix = file.path.rpartition("/")[2].rpartition(".")[2].lower()
    if suffix in _UNREAD:
        raise QueryError("NOT_SUPPORTED", f"Compression of {file.address}: expected gz, bz2 or zst")
    if suffix not in _READ:
        return bytes(raw)
    try:
        return _READ[suffix](raw)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise QueryError(
            "HIVE_CURSOR_ERROR", f"{file.address} cannot be decompressed as {suffix}: {error}"
        ) from error
