"""What the gold tables were made from, as their last commits tell: which are not up to date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lakehouse.delta_log import Commit, last_commits, user_metadata
from lakehouse.gold import BOOKINGS, GOLD_TABLES, SPEND, MissingSilverTableError
from lakehouse.s3_objects import REQUESTS_AT_ONCE, body_of

# Commits that were found right for later sources than those they were made from: a table that
# does not change gets no commit that could say so.
CONFIRMED_KEY = "_watermarks/gold.json"


def notes(s3: Any, silver: str, code: Mapping[str, str]) -> dict[str, str]:
    """For each gold table the silver tables' last commits and the code, as JSON: its sources."""
    commits = last_commits(s3, silver, (BOOKINGS, SPEND))
    for name in (BOOKINGS, SPEND):
        if name not in commits:
            raise MissingSilverTableError(
                f"Expected the Delta table s3://{silver}/{name}, found none: "
                "run the silver jobs first."
            )
    return {
        table.name: json.dumps({**{name: vars(commits[name]) for name in table.reads}, **code})
        for table in GOLD_TABLES
    }


def stale_tables(s3: Any, gold: str, wanted: Mapping[str, str]) -> dict[str, Commit | None]:
    """The tables that are not up to date with these notes, and their last commits, if any.

    A table is up to date whose last commit has the note, or was confirmed for it: a commit of
    anyone else has none.
    """
    commits = last_commits(s3, gold, list(wanted))
    confirmed = _confirmed(s3, gold)

    def is_stale(name: str) -> bool:
        commit = commits.get(name)
        if commit is None or confirmed.get(name) == _confirmation(commit, wanted[name]):
            return commit is None
        return user_metadata(s3, gold, name, commit) != wanted[name]

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        judged = dict(pool.map(lambda name: (name, is_stale(name)), wanted))
    return {name: commits.get(name) for name in wanted if judged[name]}


def confirm(
    s3: Any, gold: str, before: Mapping[str, Commit | None], wanted: Mapping[str, str]
) -> None:
    """Record that the commits that a run found right, and so left the last ones, are up to date."""
    now = last_commits(s3, gold, list(before))
    found = {
        name: _confirmation(commit, wanted[name])
        for name, commit in now.items()
        if commit == before[name]
    }
    if found:
        body = json.dumps({**_confirmed(s3, gold), **found}).encode()
        s3.put_object(Bucket=gold, Key=CONFIRMED_KEY, Body=body, ContentType="application/json")


def _confirmed(s3: Any, gold: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body_of(s3, gold, CONFIRMED_KEY) or b"{}")
    return found


def _confirmation(commit: Commit, note: str) -> dict[str, Any]:
    return {"commit": vars(commit), "sources": note}
