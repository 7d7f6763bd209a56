"""Functions on bytes that DuckDB lacks."""

from __future__ import annotations

from services.edge.athena.sql.duckdb.python_function import PythonFunction

_INVALID = "INVALID_FUNCTION_ARGUMENT: "
_MASK = 2**64 - 1


def part(data: bytes, start: int, size: int) -> bytes:
    """From the `start`th byte, or from the end where it is negative."""
    if start == 0 or size <= 0 or abs(start) > len(data):
        return b""
    first = start - 1 if start > 0 else len(data) + start
    return data[first : first + size]


def reversed_bytes(data: bytes) -> bytes:
    return data[::-1]


def padded(data: bytes, size: int, padding: bytes, side: int) -> bytes:
    """On the left where `side` is -1."""
    if not 0 <= size < 2**31:
        raise ValueError(f"{_INVALID}Target length must be in the range [0..2147483647]")
    if not padding:
        raise ValueError(f"{_INVALID}Padding bytes must not be empty")
    missing = size - len(data)
    if missing <= 0:
        return data[:size]
    fill = (padding * (missing // len(padding) + 1))[:missing]
    return fill + data if side < 0 else data + fill


def murmur3(data: bytes) -> bytes:
    """MurmurHash3_x64_128 without a seed."""
    first = second = 0
    one, two = 0x87C37B91114253D5, 0x4CF5AD432745937F
    whole = len(data) // 16 * 16
    for at in range(0, whole, 16):
        low, high = (int.from_bytes(data[i : i + 8], "little") for i in (at, at + 8))
        first ^= _mixed(low, one, 31, two)
        first = (_turned(first, 27) + second) & _MASK
        first = (first * 5 + 0x52DCE729) & _MASK
        second ^= _mixed(high, two, 33, one)
        second = (_turned(second, 31) + first) & _MASK
        second = (second * 5 + 0x38495AB5) & _MASK
    rest = data[whole:]
    second ^= _mixed(int.from_bytes(rest[8:], "little"), two, 33, one)
    first ^= _mixed(int.from_bytes(rest[:8], "little"), one, 31, two)
    first, second = first ^ len(data), second ^ len(data)
    first = (first + second) & _MASK
    second = (second + first) & _MASK
    first, second = _finished(first), _finished(second)
    first = (first + second) & _MASK
    second = (second + first) & _MASK
    return first.to_bytes(8, "little") + second.to_bytes(8, "little")


def _turned(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _MASK


def _mixed(value: int, before: int, bits: int, after: int) -> int:
    return (_turned((value * before) & _MASK, bits) * after) & _MASK


def _finished(value: int) -> int:
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = ((value ^ (value >> 33)) * factor) & _MASK
    return value ^ (value >> 33)


_BYTES, _WHOLE = "BLOB", "BIGINT"
FUNCTIONS: dict[str, PythonFunction] = {
    "substr_bytes": (part, [_BYTES, _WHOLE, _WHOLE], _BYTES),
    "reverse_bytes": (reversed_bytes, [_BYTES], _BYTES),
    "pad_bytes": (padded, [_BYTES, _WHOLE, _BYTES, _WHOLE], _BYTES),
    "murmur3": (murmur3, [_BYTES], _BYTES),
}
