"""One finding of a look at an account, or at the files."""

from __future__ import annotations

from dataclasses import dataclass

PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"


@dataclass(frozen=True)
class Check:
    """`cure` says what to do where the check did not pass."""

    subject: str
    state: str
    finding: str
    cure: str = ""
