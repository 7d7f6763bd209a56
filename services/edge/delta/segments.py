"""Which files of a Delta log make its newest version: a checkpoint and the commits after it.

https://github.com/delta-io/delta/blob/master/PROTOCOL.md#delta-log-entries
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_COMMIT = re.compile(r"(\d{20})\.json")
_CHECKPOINT = re.compile(r"(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10})|\.([0-9a-f-]{36}))?\.(\w+)")


@dataclass(frozen=True)
class Segment:
    """`checkpoint` are the parts of one, or nothing; `commits` are oldest first."""

    version: int
    checkpoint: tuple[str, ...]
    commits: tuple[str, ...]


def newest(names: Iterable[str]) -> Segment | None:
    """None where no name belongs to a log; ValueError where a commit in between is missing.

    The hint `_last_checkpoint` is not asked: the listing is the truth, and the hint may be old.
    """
    commits: dict[int, str] = {}
    checkpoints: dict[int, dict[tuple[str, int], dict[int, str]]] = {}
    for name in names:
        if found := _COMMIT.fullmatch(name):
            commits[int(found[1])] = name
        elif (found := _CHECKPOINT.fullmatch(name)) and _is_written_so(found):
            one = checkpoints.setdefault(int(found[1]), {})
            kind = (found[4] or found[5], int(found[3] or 1))
            one.setdefault(kind, {})[int(found[2] or 1)] = name
    whole = {version: parts for version, all_ in checkpoints.items() if (parts := _whole(all_))}
    if not commits and not whole:
        return None
    start = max(whole, default=-1)
    end = max((start, *commits))
    if missing := [number for number in range(start + 1, end + 1) if number not in commits]:
        raise ValueError(
            f"expected commit {missing[0]:020}.json after"
            f" {f'the checkpoint of version {start}' if start >= 0 else 'no checkpoint'},"
            f" found none, but commits up to version {end}"
        )
    after = tuple(commits[number] for number in range(start + 1, end + 1))
    return Segment(end, whole.get(start, ()), after)


def _is_written_so(found: re.Match[str]) -> bool:
    """JSON only of the second kind of checkpoint, whose name has a UUID."""
    return found[5] == "parquet" or (found[5] == "json" and found[4] is not None)


def _whole(found: dict[tuple[str, int], dict[int, str]]) -> tuple[str, ...]:
    """The parts of the first checkpoint of a version that has them all."""
    for (_, of), parts in sorted(found.items()):
        if len(parts) == of:
            return tuple(parts[number] for number in sorted(parts))
    return ()
