"""Accounts of runs and ages in, rows of words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.figures import DASH
from pipeline.durations import duration
from pipeline.freshness import Freshness, Source
from pipeline.job_accounts import Account
from pipeline.names import GOLD

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


@dataclass(frozen=True)
class FreshnessCard:
    label: str
    moment: datetime | None
    note: str


def freshness_cards(found: Freshness) -> list[FreshnessCard]:
    """How old the newest delivery, the newest spend and gold are, and whether anything waits."""
    labels = {"events/": "Newest delivery", "marketing/": "Newest spend file"}
    cards = [
        FreshnessCard(labels.get(one.prefix, one.prefix), one.newest, _waiting(one))
        for one in found.bronze
    ]
    gold = [table for table in found.tables if table.name in GOLD]
    changed = max((table.committed for table in gold if table.committed), default=None)
    behind = [table.name for table in gold if table.behind]
    if changed is None:
        note = "No run has made it yet"
    elif behind:
        note = f"Silver is newer than {len(behind)} of its tables: run the pipeline"
    else:
        note = "Made from today's silver"
    return [*cards, FreshnessCard("Gold changed last", changed, note)]


def _waiting(source: Source) -> str:
    if not source.objects:
        return "None has arrived"
    if not source.waiting:
        of_days = "all" if source.is_whole else "those of the newest days,"
        return f"Silver has read {of_days} {source.objects:,}"
    verb = "waits" if source.waiting == 1 else "wait"
    return f"{source.waiting:,} {verb} for the next run"
