"""What the gold tables were made from, as their last commits tell: which are not up to date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lakehouse.delta_log import Commit, last_commits, user_metadata
from lakehouse.gold import BOOKINGS, GOLD_TABLES, SPEND, MissingSilverTableError
from lakehouse.s3_objects import REQUESTS_AT_ONCE, body_of, put_json
from lakehouse.table_contents import TableContents

# Of each table the last commit that a run made, or found right; the sources that it is right for,
# as a table that does not change gets no commit to say so; and what the table holds since.
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


def noted(sources: str, run: Mapping[str, Any]) -> str:
    """The `userMetadata` of a commit: the sources, and the run that made it (lineage.py)."""
    return json.dumps({**json.loads(sources), "run": run})


def versions(sources: Iterable[str]) -> dict[str, int]:
    """The versions of the silver tables that the sources name."""
    found = {name: value for text in sources for name, value in json.loads(text).items()}
    return {name: found[name]["version"] for name in (BOOKINGS, SPEND) if name in found}


def stale_tables(
    s3: Any, gold: str, wanted: Mapping[str, str], every: bool = False
) -> dict[str, Commit | None]:
    """The tables that are not up to date with these notes, and their last commits, if any.

    A table is up to date whose last commit has the note, or was confirmed for it: a commit of
    anyone else has none.
    """
    commits = last_commits(s3, gold, list(wanted))
    confirmed = _confirmed(s3, gold)

    def is_stale(name: str) -> bool:
        commit = commits.get(name)
        if every or commit is None:
            return True
        if _is_of(confirmed.get(name), commit) and confirmed[name]["sources"] == wanted[name]:
            return False
        return not _is_made_from(user_metadata(s3, gold, name, commit), wanted[name])

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        judged = dict(pool.map(lambda name: (name, is_stale(name)), wanted))
    return {name: commits.get(name) for name in wanted if judged[name]}


def known_contents(
    s3: Any, gold: str, last: Mapping[str, Commit | None]
) -> dict[str, TableContents]:
    """What the tables hold whose last commits a run confirmed: nobody has changed them since."""
    confirmed = _confirmed(s3, gold)
    return {
        name: TableContents.from_document(confirmed[name]["contents"])
        for name, commit in last.items()
        if _is_of(confirmed.get(name), commit) and confirmed[name].get("contents")
    }


def confirm(
    s3: Any,
    gold: str,
    before: Mapping[str, Commit | None],
    wanted: Mapping[str, str],
    contents: Mapping[str, TableContents | None],
) -> dict[str, Commit]:
    """Record that the tables are up to date by commits that a run found right, or made itself.

    Where others committed meanwhile it is not known what a table holds, and nothing is recorded.
    The run's own commits are returned.
    """
    now = last_commits(s3, gold, list(before))

    def is_own(name: str) -> bool:
        commit, last = now[name], before[name]
        follows = commit.version == (0 if last is None else last.version + 1)
        return follows and _is_made_from(user_metadata(s3, gold, name, commit), wanted[name])

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        judged = dict(pool.map(lambda name: (name, is_own(name)), now))
    own = {name: commit for name, commit in now.items() if judged[name]}
    found = {
        name: _confirmation(commit, wanted[name], contents.get(name))
        for name, commit in now.items()
        if name in own or commit == before[name]
    }
    if found:
        body = json.dumps({**_confirmed(s3, gold), **found}).encode()
        put_json(s3, gold, CONFIRMED_KEY, body)
    return own


def _is_made_from(note: str | None, sources: str) -> bool:
    """Whether a commit's `userMetadata` names these sources, whichever run made it."""
    try:
        found = json.loads(note or "null")
    except ValueError:  # someone else's words
        return False
    if not isinstance(found, dict):
        return False
    expected: dict[str, Any] = json.loads(sources)
    return {name: found[name] for name in found if name != "run"} == expected


def _confirmed(s3: Any, gold: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body_of(s3, gold, CONFIRMED_KEY) or b"{}")
    return found


def _is_of(confirmation: Mapping[str, Any] | None, commit: Commit | None) -> bool:
    known = (confirmation or {}).get("commit")
    return commit is not None and known == vars(commit)


def _confirmation(commit: Commit, note: str, contents: TableContents | None) -> dict[str, Any]:
    holds = None if contents is None else contents.document()
    return {"commit": vars(commit), "sources": note, "contents": holds}
