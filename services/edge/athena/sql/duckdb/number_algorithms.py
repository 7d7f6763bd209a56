"""Functions on whole numbers that DuckDB lacks, or has with another meaning."""

from __future__ import annotations

import math
import random
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from services.edge.athena.sql.duckdb.python_function import PythonFunction

_INVALID = "INVALID_FUNCTION_ARGUMENT: "
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def random_below(low: int, high: int) -> int:
    if high <= low:
        what = "bound must be positive" if low == 0 else "start value must be less than stop value"
        raise ValueError(f"{_INVALID}{what}")
    return random.randrange(low, high)


def to_base(value: int, base: int) -> str:
    _check_base(base)
    sign, rest, found = ("-" if value < 0 else ""), abs(value), ""
    while rest or not found:
        rest, digit = divmod(rest, base)
        found = _DIGITS[digit] + found
    return sign + found


def from_base(text: str, base: int) -> int:
    _check_base(base)
    try:
        found = int(text, base)
    except ValueError as error:
        raise ValueError(f"{_INVALID}Not a valid base-{base} number: {text}") from error
    if "_" in text or text != text.strip() or not -(2**63) <= found < 2**63:
        raise ValueError(f"{_INVALID}Not a valid base-{base} number: {text}")
    return found


def _check_base(base: int) -> None:
    if not 2 <= base <= 36:
        raise ValueError(f"{_INVALID}Radix must be between 2 and 36")


def bit_count(value: int, bits: int) -> int:
    if not 2 <= bits <= 64:
        raise ValueError(
            f"{_INVALID}Bits specified in bit_count must be between 2 and 64, got {bits}"
        )
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise ValueError(
            f"{_INVALID}Number must be representable with the bits specified."
            f" {value} can not be represented with {bits} bits"
        )
    return int(value & (2**bits - 1)).bit_count()


def shift_left(value: int, bits: int, size: int) -> int:
    return _signed(value << bits if bits < size else 0, size)


def shift_right(value: int, bits: int, size: int) -> int:
    """Filled up with zeros."""
    return _signed((value & (2**size - 1)) >> bits if bits < size else 0, size)


def shift_signed(value: int, bits: int) -> int:
    return value >> min(bits, 64)


def _signed(value: int, size: int) -> int:
    kept = value & (2**size - 1)
    return int(kept - 2**size if kept >= 2 ** (size - 1) else kept)


def round_whole(value: int, digits: int) -> int:
    if digits >= 0:
        return value
    return int(Decimal(value).scaleb(digits).to_integral_value(ROUND_HALF_UP).scaleb(-digits))


def width_bucket(value: float, low: float, high: float, buckets: int) -> int:
    if buckets <= 0 or math.isnan(value) or low == high or not math.isfinite(low + high):
        raise ValueError(f"{_INVALID}width_bucket of {value}, {low}, {high}, {buckets}")
    first, last = min(low, high), max(low, high)
    if value < first:
        found = 0
    elif value >= last:
        found = buckets + 1
    else:
        found = int(buckets * (value - first) / (last - first) + 1)
    return found if low < high else buckets - found + 1


def width_bucket_of(value: float, bounds: list[float]) -> int:
    if not bounds or bounds != sorted(bounds) or math.isnan(value):
        raise ValueError(f"{_INVALID}Bin values are not sorted in ascending order")
    return sum(bound <= value for bound in bounds)


def picks(count: int, size: int) -> list[list[int]]:
    """The places, from 1, of every choice of `size` among `count`."""
    if not 0 <= size <= 5:
        limit = "greater than or equal to 0" if size < 0 else "less than or equal to 5"
        raise ValueError(f"{_INVALID}combination size must be {limit}: {size}")
    found = [sorted(combination) for combination in combinations(range(1, count + 1), size)]
    if len(found) > 100_000:
        raise ValueError(f"{_INVALID}combinations exceed max size")
    return sorted(found, key=lambda one: one[::-1])


_TEXT, _WHOLE = "VARCHAR", "BIGINT"
FUNCTIONS: dict[str, PythonFunction] = {
    "to_base": (to_base, [_WHOLE, _WHOLE], _TEXT),
    "from_base": (from_base, [_TEXT, _WHOLE], _WHOLE),
    "bit_count": (bit_count, [_WHOLE, _WHOLE], _WHOLE),
    "shift_left": (shift_left, [_WHOLE, _WHOLE, _WHOLE], _WHOLE),
    "shift_right": (shift_right, [_WHOLE, _WHOLE, _WHOLE], _WHOLE),
    "shift_signed": (shift_signed, [_WHOLE, _WHOLE], _WHOLE),
    "round_whole": (round_whole, [_WHOLE, _WHOLE], _WHOLE),
    "picks": (picks, [_WHOLE, _WHOLE], "BIGINT[][]"),
    "width_bucket": (width_bucket, ["DOUBLE", "DOUBLE", "DOUBLE", _WHOLE], _WHOLE),
    "width_bucket_of": (width_bucket_of, ["DOUBLE", "DOUBLE[]"], _WHOLE),
}
# Another answer each time.
VOLATILE: dict[str, PythonFunction] = {"random": (random_below, [_WHOLE, _WHOLE], _WHOLE)}
