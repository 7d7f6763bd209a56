"""Deletion vectors: the rows of a data file that are deleted, as a roaring bitmap.

https://github.com/delta-io/delta/blob/master/PROTOCOL.md#deletion-vectors and
https://github.com/RoaringBitmap/RoaringFormatSpec
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_MAGIC = 1681511377
_RUNS, _PLAIN = 12347, 12346
_MOST_IN_ARRAY = 4096  # values of a container; a fuller one is 65,536 bits


@dataclass(frozen=True)
class Descriptor:
    """`storage` is i (inline), u (a file of the table, by its UUID) or p (an address)."""

    storage: str
    given: str
    offset: int
    size: int

    @classmethod
    def of(cls, found: dict[str, Any] | None) -> Descriptor | None:
        if not found or found.get("storageType") is None:
            return None
        offset = found.get("offset") or 0
        return cls(found["storageType"], found["pathOrInlineDv"], offset, found["sizeInBytes"])

    @property
    def identity(self) -> str:
        return f"{self.storage}{self.given}@{self.offset}"

    @property
    def path(self) -> str:
        """The file that has it: relative to the table, or an address."""
        if self.storage == "p":
            return self.given
        prefix, encoded = self.given[:-20], self.given[-20:]
        name = f"deletion_vector_{UUID(bytes=_z85(encoded))}.bin"
        return f"{prefix}/{name}" if prefix else name

    @property
    def inline(self) -> bytes | None:
        return _z85(self.given)[: self.size] if self.storage == "i" else None


def of_file(body: bytes, size: int) -> bytes:
    """The vector that stands at the beginning: size, the vector, and its checksum."""
    (found,) = struct.unpack_from(">i", body)
    vector = body[4 : 4 + size]
    (checksum,) = struct.unpack_from(">I", body, 4 + size)
    if found != size or zlib.crc32(vector) != checksum:
        raise ValueError(f"expected a deletion vector of {size} bytes, found a damaged one")
    return vector


def positions(vector: bytes) -> list[int]:
    """The deleted rows, counted from 0, in their order."""
    magic, count = struct.unpack_from("<iq", vector)
    if magic != _MAGIC:
        raise ValueError(f"expected a deletion vector that begins with {_MAGIC}, found {magic}")
    found: list[int] = []
    at = 12
    for _ in range(count):
        (high,) = struct.unpack_from("<i", vector, at)
        at = _bitmap(vector, at + 4, high << 32, found)
    return found


def _bitmap(data: bytes, at: int, base: int, found: list[int]) -> int:
    """One roaring bitmap of 32 bits; answers where it ends."""
    (cookie,) = struct.unpack_from("<I", data, at)
    has_runs = cookie & 0xFFFF == _RUNS
    if not has_runs and cookie != _PLAIN:
        raise ValueError(f"expected a roaring bitmap, found one that begins with {cookie}")
    count = (cookie >> 16) + 1 if has_runs else struct.unpack_from("<I", data, at + 4)[0]
    at += 4 if has_runs else 8
    runs = data[at : at + (count + 7) // 8] if has_runs else b""
    at += len(runs)
    heads = list(struct.iter_unpack("<HH", data[at : at + 4 * count]))
    at += 4 * count
    if not has_runs or count >= 4:  # the offsets, which reading from the start does not need
        at += 4 * count
    for number, (key, cardinality) in enumerate(heads):
        start = base + (key << 16)
        if has_runs and runs[number // 8] >> (number % 8) & 1:
            (length,) = struct.unpack_from("<H", data, at)
            for first, more in struct.iter_unpack("<HH", data[at + 2 : at + 2 + 4 * length]):
                found.extend(range(start + first, start + first + more + 1))
            at += 2 + 4 * length
        elif cardinality + 1 <= _MOST_IN_ARRAY:
            size = 2 * (cardinality + 1)
            found.extend(start + low for (low,) in struct.iter_unpack("<H", data[at : at + size]))
            at += size
        else:
            found.extend(start + low for low in _bits(data[at : at + 8192]))
            at += 8192
    return at


def _bits(data: bytes) -> Iterator[int]:
    return (
        number * 8 + bit for number, byte in enumerate(data) for bit in range(8) if byte >> bit & 1
    )


_Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_B85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"


def _z85(text: str) -> bytes:
    """Python's own base85 has other letters."""
    return base64.b85decode(text.translate(str.maketrans(_Z85, _B85)))
