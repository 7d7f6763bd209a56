"""How a part of AWS's library that is not there is refused: at once, and by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def refused(what: str, instead: str = "use Spark's DataFrames for it") -> NotImplementedError:
    return NotImplementedError(f"{what} is not available here: {instead}")


def check_options(
    what: str, given: Mapping[str, Any], known: Collection[str], tuning: Collection[str] = ()
) -> None:
    """Refuse an option that would be passed over; `tuning` options change no result."""
    if unknown := sorted(set(given) - set(known) - set(tuning)):
        expected = ", ".join(sorted(known)) or "none"
        raise refused(f"{what}: {', '.join(unknown)}", f"expected of {expected}")


def is_true(value: Any) -> bool:
    """Options are given as booleans and as texts."""
    return str(value).lower() == "true"
