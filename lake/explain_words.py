"""What `lake explain` has found, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield from _told_booking(found) if "booking" in found else _told_cell(found)


def _told_cell(found: Mapping[str, Any]) -> Iterator[str]:
    yield ", ".join(f"{name} {value}" for name, value in found["row"].items())
    yield from _told_commit("made", found["made"])
    for commit in found["silver_since_the_version_before"]:
        yield from _told_commit("from", commit)
    yield f"  from {found['bronze_objects_since']:,} objects of bronze that these runs read"
    yield f"{found['bookings']:,} bookings"
    for one in found["shown"]:
        yield (
            f"  {one['invitee_id']}  {one['event_start_time']}  {one['status']:<8}"
            f"  {one['bronze_key']}"
        )
    left = found["bookings"] - len(found["shown"])
    if left > 0:
        yield f"  and {left:,} more: --bookings shows them"
    if found["shown"]:
        yield f"Its deliveries: lake explain fact_bookings {found['shown'][0]['invitee_id']}"


def _told_commit(word: str, commit: Mapping[str, Any]) -> Iterator[str]:
    run = commit["run"]
    yield (
        f"  {word} {commit['table']} version {commit['version']} of {commit['committed']},"
        f" {'run ' + run['id'] if run else 'not by the pipeline'}"
    )
    if run and run["execution"]:
        yield f"       execution {run['execution'].rpartition(':')[2]}"


def _told_booking(found: Mapping[str, Any]) -> Iterator[str]:
    yield ", ".join(f"{name} {value}" for name, value in found["booking"].items())
    for one in found["deliveries"]:
        reasons = f" ({', '.join(one['reasons'])})" if one["reasons"] else ""
        run = f", read by run {one['run']['id']}" if one["run"] else ""
        yield f"  {one['created_at']}  {one['event']:<24} {one['fate']}{reasons}"
        yield f"      {one['bronze_key']}{run}"
    if found["bronze_objects_read"] < found["bronze_objects_of_its_days"]:
        yield (
            f"  looked into {found['bronze_objects_read']:,} of"
            f" {found['bronze_objects_of_its_days']:,} objects of its days"
        )
    if "body" in found:
        yield found["body"]
