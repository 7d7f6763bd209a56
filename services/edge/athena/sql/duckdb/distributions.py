"""Hyperbolic functions and distributions, as the libraries that Trino calls compute them."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist

from services.edge.athena.sql.duckdb.python_function import PythonFunction

_INVALID = "INVALID_FUNCTION_ARGUMENT: "
_OVERFLOW = 709.7  # of exp


def cbrt(x: float) -> float:
    """The nearest double, which the C library misses by one at times."""
    if x == 0 or not math.isfinite(x):
        return x
    found = math.cbrt(x)
    near = (math.nextafter(found, -math.inf), found, math.nextafter(found, math.inf))
    return min(near, key=lambda one: abs(Fraction(one) ** 3 - Fraction(x)))


_LN2, _LN2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_EXP = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)


def _exp(x: float) -> float:
    """fdlibm's e_exp.c, whose last digit is not always the C library's."""
    power, high, low = 0, x, 0.0
    if abs(x) > 0.5 * math.log(2):
        power = int(x / math.log(2) + math.copysign(0.5, x))
        if abs(x) < 1.5 * math.log(2):
            power = 1 if x > 0 else -1
        high, low = x - power * _LN2, power * _LN2_REST
    rest = high - low
    square = rest * rest
    series = 0.0
    for factor in reversed(_EXP):
        series = series * square + factor
    close = rest - square * series
    if power == 0:
        return 1.0 - ((rest * close) / (close - 2.0) - rest)
    return math.ldexp(1.0 - ((low - (rest * close) / (2.0 - close)) - high), power)


def cosh(x: float) -> float:
    """Java's StrictMath, which is fdlibm's e_cosh.c."""
    size = abs(x)
    if not math.isfinite(x) or size > _OVERFLOW:
        return math.nan if math.isnan(x) else math.inf if size > 711 else math.cosh(x)
    if size < 0.5 * math.log(2):
        grown = math.expm1(size)
        whole = 1.0 + grown
        return 1.0 + (grown * grown) / (whole + whole)
    if size < 22:
        grown = _exp(size)
        return 0.5 * grown + 0.5 / grown
    return 0.5 * _exp(size)


def sinh(x: float) -> float:
    """fdlibm's e_sinh.c."""
    size, half = abs(x), math.copysign(0.5, x)
    if not math.isfinite(x) or size > _OVERFLOW:
        return x if not math.isfinite(x) or size <= 711 else math.copysign(math.inf, x)
    if size >= 22:
        return half * _exp(size)
    if size < 2**-28:
        return x
    grown = math.expm1(size)
    if size < 1:
        return half * (2.0 * grown - grown * grown / (grown + 1.0))
    return half * (grown + grown / (grown + 1.0))


def tanh(x: float) -> float:
    """fdlibm's s_tanh.c."""
    size = abs(x)
    if math.isnan(x) or size < 2**-55:
        return x
    if size >= 22:
        return math.copysign(1.0, x)
    if size >= 1:
        found = 1.0 - 2.0 / (math.expm1(2.0 * size) + 2.0)
    else:
        grown = math.expm1(-2.0 * size)
        found = -grown / (grown + 2.0)
    return math.copysign(found, x)


def normal_cdf(mean: float, deviation: float, value: float) -> float:
    if deviation <= 0:
        raise ValueError(f"{_INVALID}standardDeviation must be > 0")
    return 0.5 * (1 + math.erf((value - mean) / (deviation * math.sqrt(2))))


def inverse_normal_cdf(mean: float, deviation: float, chance: float) -> float:
    if not 0 < chance < 1:
        raise ValueError(f"{_INVALID}p must be 0 > p > 1")
    if deviation <= 0:
        raise ValueError(f"{_INVALID}sd must be > 0")
    return mean + deviation * NormalDist().inv_cdf(chance)


def beta_cdf(a: float, b: float, value: float) -> float:
    _check_beta(a, b)
    if not 0 <= value <= 1:
        raise ValueError(f"{_INVALID}value must be in the interval [0, 1]")
    return _regularized_beta(a, b, value)


def inverse_beta_cdf(a: float, b: float, chance: float) -> float:
    _check_beta(a, b)
    if not 0 <= chance <= 1:
        raise ValueError(f"{_INVALID}p must be in the interval [0, 1]")
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _regularized_beta(a, b, middle) < chance else (low, middle)
    return high


def _check_beta(a: float, b: float) -> None:
    if a <= 0 or b <= 0:
        raise ValueError(f"{_INVALID}a, b must be > 0")


def _regularized_beta(a: float, b: float, x: float) -> float:
    """By the continued fraction, on the side where it converges fast."""
    if x in (0, 1):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - _regularized_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    above, below = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    found = below
    for m in range(1, 500):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            below = 1 / (1 + factor * below)
            above = 1 + factor / above
            found *= above * below
        if abs(above * below - 1) < 1e-16:
            break
    return front * found / a


def wilson(successes: int, trials: int, z: float, side: int) -> float:
    """One end of the score interval: -1 is the lower, 1 the upper."""
    if not 0 <= successes <= trials or trials <= 0:
        raise ValueError(
            f"{_INVALID}number of successes must not be negative and not be larger than number of"
            " trials, which must be positive"
        )
    if z < 0:
        raise ValueError(f"{_INVALID}z-score must not be negative")
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (middle + side * spread) / (1 + z * z / trials)


_NUMBER, _WHOLE = "DOUBLE", "BIGINT"
FUNCTIONS: dict[str, PythonFunction] = {
    "cbrt": (cbrt, [_NUMBER], _NUMBER),
    "sinh": (sinh, [_NUMBER], _NUMBER),
    "cosh": (cosh, [_NUMBER], _NUMBER),
    "tanh": (tanh, [_NUMBER], _NUMBER),
    **{
        function.__name__: (function, [_NUMBER] * 3, _NUMBER)
        for function in (normal_cdf, inverse_normal_cdf, beta_cdf, inverse_beta_cdf)
    },
    "wilson": (wilson, [_WHOLE, _WHOLE, _NUMBER, _WHOLE], _NUMBER),
}
