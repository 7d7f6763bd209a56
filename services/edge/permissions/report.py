"""What a role has used, is allowed and never used, and lacks, with the statements to add; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from services.edge.permissions.actions.needs import ASSUME, SERVICE
from services.edge.permissions.policies import patterns
from services.edge.permissions.policies.statements import Names, PolicyError, Statement, statements
from services.edge.permissions.usage import Entry

Document = dict[str, Any]
RECEIVER = "iam:passedtoservice"
EXPLICIT = "with an explicit deny"


def of_role(
    arn: str,
    policies: Iterable[tuple[str, str]],
    entries: Sequence[Entry],
    refused_now: Callable[[Entry], str],
    left_out: int = 0,
) -> Document:
    """`policies` are names and JSON texts; `refused_now` says why the role's present policies
    refuse what it was refused, "" where they no longer do."""
    used = [entry for entry in entries if entry["allowed"]]
    lacking = [(e, why) for e in entries if not e["allowed"] and (why := refused_now(e))]
    return {
        "role": arn.rpartition("/")[2],
        "arn": arn,
        "used": [_told(entry) for entry in _sorted(used)],
        "unused": list(_unused(policies, used)),
        "missing": [
            {**_told(entry), "because": why}
            for entry, why in sorted(lacking, key=lambda one: _place(one[0]))
        ],
        "add": list(_to_add([e for e, why in lacking if not why.startswith(EXPLICIT)])),
        "left_out": left_out,
    }


def _told(entry: Entry) -> Document:
    return {name: entry[name] for name in ("action", "resource", "count", "last")}  # type: ignore[literal-required]


def _place(entry: Entry) -> tuple[str, str]:
    return entry["action"], entry["resource"]


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=_place)


def _unused(policies: Iterable[tuple[str, str]], used: Sequence[Entry]) -> Iterator[Document]:
    """By policy and resource the actions that no call has asked for there."""
    for name, text in policies:
        found: dict[str, list[str]] = defaultdict(list)
        for action, resource in _granted(text):
            if not any(_covers(action, resource, entry) for entry in used):
                found[resource].append(action)
        for resource, actions in found.items():
            yield {"policy": name, "actions": actions, "resource": resource}


def _granted(text: str) -> Iterator[tuple[str, str]]:
    """Each action with each resource that a policy allows by name."""
    try:
        allowing = [one for one in statements(text) if one.allows]
    except PolicyError:
        return
    for one in allowing:
        for action in _named(one.actions):
            yield from ((action, resource) for resource in _resources(one))


def _named(names: Names) -> tuple[str, ...]:
    return () if names.excluded else names.patterns


def _resources(statement: Statement) -> tuple[str, ...]:
    return _named(statement.resources) if statement.resources else ("*",)


def _covers(action: str, resource: str, entry: Entry) -> bool:
    return patterns.matches_action(action, entry["action"]) and any(
        # A variable's value is not known any more.
        "${" in resource or patterns.matches_arn(resource, one)
        for one in entry["examples"]
    )


def _to_add(lacking: Iterable[Entry]) -> Iterator[Document]:
    """As few statements as have the same actions, or the same resources, under one condition."""
    by_resource: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in _sorted(lacking):
        if SERVICE in entry["context"]:
            yield _for_service(entry)
        else:
            by_resource[entry["resource"], _first(entry, RECEIVER)].append(entry["action"])
    by_actions: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
    for (resource, receiver), actions in by_resource.items():
        by_actions[tuple(actions), receiver].append(resource)
    for (names, receiver), resources in by_actions.items():
        statement: Document = {"Effect": "Allow", "Action": [*names], "Resource": resources}
        if receiver:
            statement["Condition"] = {"StringEquals": {"iam:PassedToService": receiver}}
        yield statement


def _for_service(entry: Entry) -> Document:
    """Of the policy of the resource itself: a role's trust, a function's permission."""
    statement: Document = {
        "Effect": "Allow",
        "Principal": {"Service": _first(entry, SERVICE)},
        "Action": entry["action"],
    }
    if entry["action"] != ASSUME:
        statement["Resource"] = entry["resource"]
    if source := _first(entry, "aws:sourcearn"):
        statement["Condition"] = {"ArnLike": {"aws:SourceArn": source}}
    return statement


def _first(entry: Entry, name: str) -> str:
    return next(iter(entry["context"].get(name, [])), "")
