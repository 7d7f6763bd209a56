"""Checksums, hashes and encodings of bytes that DuckDB lacks."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import zlib

from services.edge.athena.sql.duckdb.python_function import PythonFunction

_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5, _MASK = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5, 2**64 - 1


def _rotated(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _MASK


def _round(total: int, lane: int) -> int:
    return _rotated((total + lane * _P2) & _MASK, 31) * _P1 & _MASK


def xxhash64(data: bytes) -> bytes:
    """https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md, with seed 0."""
    at = len(data) // 32 * 32
    if at:
        lanes = [(_P1 + _P2) & _MASK, _P2, 0, -_P1 & _MASK]
        for index, (lane,) in enumerate(struct.iter_unpack("<Q", data[:at])):
            lanes[index % 4] = _round(lanes[index % 4], lane)
        turns = (1, 7, 12, 18)
        total = sum(_rotated(one, bits) for one, bits in zip(lanes, turns, strict=True)) & _MASK
        for one in lanes:
            total = ((total ^ _round(0, one)) * _P1 + _P4) & _MASK
    else:
        total = _P5
    total = (total + len(data)) & _MASK
    for size, form in ((8, "<Q"), (4, "<I"), (1, "<B")):
        while len(data) - at >= size:
            [lane] = struct.unpack_from(form, data, at)
            total = _mixed(total, lane, size)
            at += size
    for bits, prime in ((33, _P2), (29, _P3)):
        total = ((total ^ (total >> bits)) * prime) & _MASK
    return (total ^ (total >> 32)).to_bytes(8, "big")


def _mixed(total: int, lane: int, size: int) -> int:
    if size == 8:
        return (_rotated(total ^ _round(0, lane), 27) * _P1 + _P4) & _MASK
    if size == 4:
        return (_rotated(total ^ (lane * _P1 & _MASK), 23) * _P2 + _P3) & _MASK
    return _rotated(total ^ (lane * _P5 & _MASK), 11) * _P1 & _MASK


def crc32(data: bytes) -> int:
    return zlib.crc32(data)


def sha512(data: bytes) -> bytes:
    return hashlib.sha512(data).digest()


def keyed(data: bytes, key: bytes, algorithm: str) -> bytes:
    return hmac.digest(key, data, algorithm)


def number(data: bytes, form: str) -> float:
    """`form` is of the struct module; Trino wants exactly as many bytes."""
    if len(data) != struct.calcsize(form):
        size = struct.calcsize(form)
        raise ValueError(
            f"INVALID_FUNCTION_ARGUMENT: expected {size}-byte input, but got instead: {len(data)}"
        )
    found: float = struct.unpack(form, data)[0]
    return found


def number_text(data: bytes, form: str) -> str:
    return repr(number(data, form))


def whole(data: bytes, form: str) -> int:
    return int(number(data, form))


def whole_bytes(value: int, form: str) -> bytes:
    return struct.pack(form, value)


def number_bytes(value: float, form: str) -> bytes:
    return struct.pack(form, value)


def from_hex(text: str) -> bytes:
    if len(text) % 2:
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: invalid input length {len(text)}")
    return _decoded(binascii.unhexlify, text)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def from_base64url(text: str) -> bytes:
    return _decoded(base64.urlsafe_b64decode, _filled(text))


def from_base64(text: str) -> bytes:
    return _decoded(lambda one: base64.b64decode(one, validate=True), _filled(text))


def _filled(text: str) -> str:
    """Java asks for no = at the end."""
    return text + "=" * (-len(text) % 4 if "=" not in text else 0)


def base32(data: bytes) -> str:
    return base64.b32encode(data).decode()


def from_base32(text: str) -> bytes:
    return _decoded(base64.b32decode, text)


def _decoded(decode: object, text: str) -> bytes:
    try:
        return decode(text.encode())  # type: ignore[operator,no-any-return]
    except ValueError as error:
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: {error}") from error


_BYTES, _TEXT = "BLOB", "VARCHAR"
FUNCTIONS: dict[str, PythonFunction] = {
    "xxhash64": (xxhash64, [_BYTES], _BYTES),
    "crc32": (crc32, [_BYTES], "BIGINT"),
    "sha512": (sha512, [_BYTES], _BYTES),
    "hmac": (keyed, [_BYTES, _BYTES, _TEXT], _BYTES),
    "number_of_bytes": (number_text, [_BYTES, _TEXT], _TEXT),  # DuckDB takes NaN for NULL
    "whole_of_bytes": (whole, [_BYTES, _TEXT], "BIGINT"),
    "bytes_of_whole": (whole_bytes, ["BIGINT", _TEXT], _BYTES),
    "bytes_of_number": (number_bytes, ["DOUBLE", _TEXT], _BYTES),
    "from_hex": (from_hex, [_TEXT], _BYTES),
    "to_base64url": (base64url, [_BYTES], _TEXT),
    "from_base64url": (from_base64url, [_TEXT], _BYTES),
    "from_base64": (from_base64, [_TEXT], _BYTES),
    "to_base32": (base32, [_BYTES], _TEXT),
    "from_base32": (from_base32, [_TEXT], _BYTES),
}
