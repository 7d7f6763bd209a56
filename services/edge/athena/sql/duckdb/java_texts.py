"""Numbers, intervals and addresses as Java writes them, for CAST … AS varchar."""

from __future__ import annotations

import ipaddress
import math
import struct
from decimal import Decimal

from services.edge.athena.sql.duckdb.python_function import PythonFunction


def double_text(value: float) -> str:
    """As Java writes a double: 1.0, 1.0E7, 1.0E-5, NaN, Infinity."""
    return _java(value, repr(value))


def real_text(value: float) -> str:
    return _java(value, real_digits(value))


def real_digits(value: float) -> str:
    """The shortest digits that make the same 32-bit number; Java's least one is 1.4E-45."""
    if abs(value) < 1e-44 and value:
        return f"{value:.1e}"
    for precision in range(1, 10):
        written = f"{value:.{precision}g}"
        if struct.pack("f", float(written)) == struct.pack("f", value):
            break
    return written


def _java(value: float, written: str) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    if abs(value) == 5e-324:
        return "-4.9E-324" if value < 0 else "4.9E-324"
    sign, numerals, exponent = Decimal(written).normalize().as_tuple()
    digits, point = "".join(map(str, numerals)), len(numerals) + int(exponent)
    if -2 <= point <= 7:
        padded = digits.ljust(point, "0") if point > 0 else "0" * (1 - point) + digits
        at = max(point, 1)
        return f"{'-' * sign}{padded[:at]}.{padded[at:] or '0'}"
    return f"{'-' * sign}{digits[0]}.{digits[1:] or '0'}E{point - 1}"


def double_cast(value: float) -> str:
    """CAST writes every double with an exponent: 1.5E0."""
    return _scientific(value, repr(value))


def real_cast(value: float) -> str:
    """Of a real CAST writes seven digits."""
    return _scientific(value, f"{value:.6e}")


def _scientific(value: float, written: str) -> str:
    if not math.isfinite(value):
        return _java(value, written)
    if value == 0:
        return "0E0"
    sign, numerals, exponent = Decimal(written).normalize().as_tuple()
    digits, power = "".join(map(str, numerals)), len(numerals) + int(exponent) - 1
    return f"{'-' * sign}{digits[0]}.{digits[1:] or '0'}E{power}"


def double_digits(value: float) -> str:
    """What a decimal is made of: the digits as they are written, not those of the binary number."""
    return format(Decimal(repr(value)), "f") if math.isfinite(value) else _not_finite(value)


def real_as_digits(value: float) -> str:
    return format(Decimal(real_digits(value)), "f") if math.isfinite(value) else _not_finite(value)


def _not_finite(value: float) -> str:
    return f"\x01decimal\x01{double_text(value)}"


def days_text(milliseconds: int) -> str:
    """Days and the clock, as Trino shows an interval day to second."""
    sign, total = ("-", -milliseconds) if milliseconds < 0 else ("", milliseconds)
    seconds, rest = divmod(total, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{sign}{days} {hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def months_text(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    return f"{'-' if months < 0 else ''}{years}-{rest}"


def address(text: str) -> bytes:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError as error:
        raise ValueError(
            f"INVALID_CAST_ARGUMENT: Cannot cast value to IPADDRESS: {text}"
        ) from error
    return found.packed if found.version == 6 else b"\0" * 10 + b"\xff\xff" + found.packed


def address_of(data: bytes) -> bytes:
    if len(data) not in (4, 16):
        raise ValueError(f"INVALID_CAST_ARGUMENT: Invalid InetAddress binary length: {len(data)}")
    return data if len(data) == 16 else address(str(ipaddress.ip_address(data)))


def address_text(data: bytes) -> str:
    found = ipaddress.IPv6Address(data)
    return str(found.ipv4_mapped or found)


def is_within(network: str, data: bytes) -> bool:
    try:
        found = ipaddress.ip_network(network, strict=False)
    except ValueError as error:
        raise ValueError("INVALID_FUNCTION_ARGUMENT: Invalid CIDR") from error
    return ipaddress.ip_address(address_text(data)) in found


_TEXT, _BYTES = "VARCHAR", "BLOB"
FUNCTIONS: dict[str, PythonFunction] = {
    "double_text": (double_text, ["DOUBLE"], _TEXT),
    "real_text": (real_text, ["FLOAT"], _TEXT),
    "double_cast": (double_cast, ["DOUBLE"], _TEXT),
    "real_cast": (real_cast, ["FLOAT"], _TEXT),
    "double_digits": (double_digits, ["DOUBLE"], _TEXT),
    "real_digits": (real_as_digits, ["FLOAT"], _TEXT),
    "days_shown": (days_text, ["BIGINT"], _TEXT),
    "months_shown": (months_text, ["BIGINT"], _TEXT),
    "ipaddress": (address, [_TEXT], _BYTES),
    "ipaddress_of": (address_of, [_BYTES], _BYTES),
    "ipaddress_shown": (address_text, [_BYTES], _TEXT),
    "is_within": (is_within, [_TEXT, _BYTES], "BOOLEAN"),
}
