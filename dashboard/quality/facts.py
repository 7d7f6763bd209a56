"""Accounts of runs and ages in, rows of words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.figures import DASH
from pipeline.durations import duration
from pipeline.job_accounts import Account

LOST = "It printed no account, or its log is gone."


@dataclass(frozen=True)
class RunAccount:
    """What the jobs of a run say they have read; by state."""

    name: str
    began: datetime
    accounts: Mapping[str, Account]

    @property
    def closed(self) -> dict[str, Account]:
        """Those that say what became of everything that they read."""
        return {state: one for state, one in self.accounts.items() if one.is_closed}


def account_row(run: RunAccount, state: str = "") -> list[str]:
    """When, which job, read, what became of it, and whether that adds up."""
    began = f"{run.began:%-d %b, %H:%M:%S}"
    name = state or next(iter(run.closed), None)
    if name is None:
        return [began, DASH, DASH, LOST, ""]
    account = run.closed[name]
    read = DASH if account.read is None else f"{account.read:,} {account.unit}"
    told = " + ".join(f"{number:,} {outcome}" for outcome, number in account.outcomes.items())
    return [began, name, read, told, _balance(account)]


def _balance(account: Account) -> str:
    if account.balances is None or account.read is None:
        return ""
    lost = account.read - sum(account.outcomes.values())
    if not lost:
        return "✓ adds up"
    verb = "is" if abs(lost) == 1 else "are"
    return f"✕ {abs(lost):,} {verb} {'missing' if lost > 0 else 'too many'}"


def drift(runs: Sequence[RunAccount]) -> list[tuple[str, int, int, datetime]]:
    """Unknown fields: deliveries that had them, in how many runs, and the last; most first."""
    found: dict[str, tuple[int, int, datetime]] = {}
    for run in runs:
        for account in run.accounts.values():
            for field, number in account.drift.items():
                deliveries, times, last = found.get(field, (0, 0, run.began))
                found[field] = (deliveries + number, times + 1, max(last, run.began))
    rows = [(field, *numbers) for field, numbers in found.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def age(moment: datetime | None, now: datetime) -> str:
    return DASH if moment is None else f"{duration((now - moment).total_seconds())} ago"
