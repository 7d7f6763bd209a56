"""What a job prints of itself in; how much it has read, and what became of it, out.

Each script of spark_jobs/ prints one line of JSON when it is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.task_logs import parsed

SKIPPED_GOLD = "Skipped gold:"
DELIVERIES = ("winners", "superseded", "rejected")


@dataclass(frozen=True)
class Account:
    """`read` counts things of the kind `unit`; None where the job does not count them.

    `outcomes` say what became of those that were read, and add up to them where `is_closed`;
    `written` are rows by table. `drift` counts deliveries by the unknown field that they have.
    """

    unit: str
    read: int | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    written: Mapping[str, int] = field(default_factory=dict)
    drift: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    note: str = ""
    is_closed: bool = False

    @property
    def rejected(self) -> int:
        return self.outcomes.get("rejected", 0)

    @property
    def balances(self) -> bool | None:
        """Whether nothing that was read is lost; None where the job does not count that."""
        if not self.is_closed or self.read is None:
            return None
        return self.read == sum(self.outcomes.values())


def account(lines: Sequence[str]) -> Account | None:
    """The account in a job's output; None where there is none (yet)."""
    for line in reversed(lines):
        text = line.strip()
        if text.startswith(SKIPPED_GOLD):
            return Account("tables", note=text.removeprefix(SKIPPED_GOLD).strip())
        if text.startswith("{") and (found := _account(parsed(text))):
            return found
    return None


def account_words(account: Account | None) -> str:
    """E.g. "1,548 objects read: 1,251 winners, 267 superseded, 30 rejected"."""
    if account is None:
        return ""
    return ": ".join(part for part in (read_words(account), outcome_words(account)) if part)


def read_words(account: Account) -> str:
    return "" if account.read is None else f"{account.read:,} {account.unit} read"


def outcome_words(account: Account) -> str:
    """E.g. "1,251 winners, 267 superseded, 30 rejected"; the empty text where there is nothing."""
    if account.note:
        return account.note
    if account.written:
        rows, tables = sum(account.written.values()), len(account.written)
        return f"{rows:,} rows in {tables} {'table' if tables == 1 else 'tables'}"
    return ", ".join(f"{number:,} {name}" for name, number in account.outcomes.items() if number)


def _account(document: Mapping[str, Any]) -> Account | None:
    if document.get("job") == "silver-events":
        return Account(
            "objects",
            _number(document.get("read")),
            _numbers({name: document.get(name) for name in DELIVERIES}),
            drift=_numbers(document.get("drift")),
            is_closed=True,
        )
    if rows := document.get("silver_marketing"):
        outcomes = {"accepted": rows.get("accepted"), "rejected": rows.get("rejected")}
        return Account("rows", _number(rows.get("read")), _numbers(outcomes), is_closed=True)
    if files := document.get("marketing_bronze"):
        missing = tuple(map(str, files.get("missing") or ()))
        outcomes = {**_numbers(files), "missing": len(missing)}
        listed = outcomes.pop("listed", None)
        return Account("files", listed, outcomes, missing=missing, is_closed=True)
    if isinstance(document.get("gold"), dict):
        read = _numbers(document.get("read"))
        return Account(
            "rows", sum(read.values()) if read else None, written=_numbers(document["gold"])
        )
    return None


def _numbers(found: Any) -> dict[str, int]:
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(name): n for name, n in pairs if (_number(n)) is not None}


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
