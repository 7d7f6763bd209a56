"""What a bucket's lifecycle rules let go: rules, the versions of a key and a time in, ends out.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from services.edge.s3.listings.pages import Entry

Rule = dict[str, Any]
Tags = dict[str, str]
TagsOf = Callable[[Entry], Tags]
# The latest version of a key ends by a delete marker where the bucket keeps versions; whatever
# else has come to its end is gone for good.
End = Literal["current", "for good"]


def ended(
    rules: Sequence[Rule], versions: Sequence[Entry], tags_of: TagsOf, now: datetime
) -> Iterator[tuple[End, Entry]]:
    """`versions` are those of one key, the latest first."""
    active = [rule for rule in rules if rule["Status"] == "Enabled"]
    latest = versions[0]
    if latest.size is not None:
        if any(_expires(r, latest, now) and _applies(r, latest, tags_of) for r in active):
            yield "current", latest
    elif len(versions) == 1 and any(
        _cleans_marker(r, latest, now) and _applies(r, latest, tags_of) for r in active
    ):
        yield "for good", latest
    for place, old in enumerate(versions[1:]):
        since = moment(versions[place])
        if any(_lets_go(r, since, place, now) and _applies(r, old, tags_of) for r in active):
            yield "for good", old


def aborts(rules: Sequence[Rule], key: str, initiated: datetime, now: datetime) -> bool:
    """Whether an upload that was begun then is to be given up."""
    return any(
        now >= midnight_after(initiated, days)
        for rule in rules
        if rule["Status"] == "Enabled"
        and (days := rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation"))
        and key.startswith(_prefix(rule))
    )


def midnight_after(begun: datetime, days: int) -> datetime:
    """When the days are over: S3 rounds up to the next midnight UTC."""
    day = begun.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days + 1)


def moment(entry: Entry) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=entry.modified)


def _expires(rule: Rule, entry: Entry, now: datetime) -> bool:
    expiration = rule.get("Expiration") or {}
    if days := expiration.get("Days"):
        return now >= midnight_after(moment(entry), days)
    return "Date" in expiration and now >= expiration["Date"]


def _cleans_marker(rule: Rule, entry: Entry, now: datetime) -> bool:
    """A marker that hides nothing goes where that is asked for, and with its age."""
    asked = (rule.get("Expiration") or {}).get("ExpiredObjectDeleteMarker")
    return bool(asked) or _expires(rule, entry, now)


def _lets_go(rule: Rule, since: datetime, newer: int, now: datetime) -> bool:
    """Of a version that was followed by another one then, and has `newer` noncurrent ones."""
    asked = rule.get("NoncurrentVersionExpiration") or {}
    if not asked or newer < asked.get("NewerNoncurrentVersions", 0):
        return False
    days = asked.get("NoncurrentDays")
    return days is None or now >= midnight_after(since, days)


def _applies(rule: Rule, entry: Entry, tags_of: TagsOf) -> bool:
    found = rule.get("Filter") or {}
    asked = {**found, **found.get("And", {})}
    tags = [*asked.get("Tags", []), *([asked["Tag"]] if "Tag" in asked else [])]
    size = entry.size or 0
    return (
        entry.key.startswith(_prefix(rule))
        and size > asked.get("ObjectSizeGreaterThan", -1)
        and ("ObjectSizeLessThan" not in asked or size < asked["ObjectSizeLessThan"])
        and (not tags or all(tags_of(entry).get(tag["Key"]) == tag["Value"] for tag in tags))
    )


def _prefix(rule: Rule) -> str:
    found = rule.get("Filter") or {}
    return str({**found, **found.get("And", {})}.get("Prefix") or "")
