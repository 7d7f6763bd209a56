"""Tags: kept as {key: value}, which some services speak as lists of pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Tags = dict[str, str]
Pairs = list[dict[str, str]]
MOST = 50  # of a resource, on all of AWS


def added(tags: Tags, new: Tags, too_many: Callable[[str], Exception]) -> Tags:
    """All of them, or the error that `too_many` makes of a message."""
    merged = {**tags, **new}
    if len(merged) > MOST:
        raise too_many(f"A resource has at most {MOST} tags, found {len(merged)}.")
    return merged


def without(tags: Tags, keys: Iterable[str]) -> Tags:
    gone = set(keys)
    return {key: value for key, value in tags.items() if key not in gone}


def from_pairs(pairs: Pairs, key: str = "Key", value: str = "Value") -> Tags:
    return {pair[key]: pair.get(value, "") for pair in pairs}


def pairs(tags: Tags, key: str = "Key", value: str = "Value") -> Pairs:
    return [{key: name, value: text} for name, text in tags.items()]
