"""Which permissions each role has used and has lacked, on disk a moment later; bounded.

A role's calls are counted by action and by resource without what differs from one call to the next:
an object's key below its first folder, a log's stream, a run's id.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any, TypedDict

from services.edge.permissions.actions.needs import Need
from services.edge.permissions.policies.decision import Decision
from services.edge.store.records import Records

KIND = "permission_usage"
# Of a role: further ones are only counted.
MOST_ENTRIES, MOST_EXAMPLES = 400, 8
SAVE_SECONDS = 2.0


class Entry(TypedDict):
    """What a role did or tried; times in seconds since 1970."""

    action: str
    resource: str
    allowed: bool
    # Ends AWS's text of the refusal.
    because: str
    count: int
    last: float
    # Resources as they were, the first of them.
    examples: list[str]
    # Values of the conditions' keys that this action alone has.
    context: dict[str, list[str]]


class Usage:
    def __init__(self, records: Records) -> None:
        self._records, self._lock = records, threading.Lock()
        self._of: dict[str, dict[tuple[str, str, bool], Entry]] = {}
        self._left_out: dict[str, int] = {}
        self._changed: set[str] = set()
        for document in records.list(KIND):
            entries = {(e["action"], e["resource"], e["allowed"]): e for e in document["entries"]}
            self._of[document["role"]] = entries
            self._left_out[document["role"]] = document["left_out"]
        threading.Thread(target=self._keep, name="permission-usage", daemon=True).start()

    def record(self, role: str, need: Need, decision: Decision) -> None:
        place = need.action, generalised(need.resource), decision.allowed
        with self._lock:
            entries = self._of.setdefault(role, {})
            entry = entries.get(place)
            if entry is None:
                if len(entries) >= MOST_ENTRIES:
                    self._left_out[role] = self._left_out.get(role, 0) + 1
                    return
                entry = entries[place] = _entry(place, need, decision)
            entry["count"] += 1
            entry["last"] = time.time()
            examples = entry["examples"]
            if len(examples) < MOST_EXAMPLES and need.resource not in examples:
                examples.append(need.resource)
            self._changed.add(role)

    def of(self, role: str) -> list[Entry]:
        with self._lock:
            return [dict(entry) for entry in self._of.get(role, {}).values()]  # type: ignore[misc]

    def left_out(self, role: str) -> int:
        return self._left_out.get(role, 0)

    def roles(self) -> list[str]:
        with self._lock:
            return sorted(self._of)

    def forget(self, roles: Iterable[str]) -> None:
        """Begin anew with these."""
        with self._lock:
            for role in roles:
                self._of.pop(role, None)
                self._left_out.pop(role, None)
                self._changed.discard(role)
                self._records.delete(KIND, role)

    def save(self) -> None:
        with self._lock:
            changed, self._changed = self._changed, set()
            documents: list[dict[str, Any]] = [
                {
                    "role": role,
                    "entries": [{**entry} for entry in self._of[role].values()],
                    "left_out": self._left_out.get(role, 0),
                }
                for role in changed
            ]
        for document in documents:
            self._records.put(KIND, document["role"], document)

    def _keep(self) -> None:
        while True:
            time.sleep(SAVE_SECONDS)
            try:
                self.save()
            except Exception:  # a full disk; what is counted stays in memory
                with self._lock:
                    self._changed.update(self._of)


def _entry(place: tuple[str, str, bool], need: Need, decision: Decision) -> Entry:
    action, resource, allowed = place
    return Entry(
        action=action,
        resource=resource,
        allowed=allowed,
        because=decision.because,
        count=0,
        last=0.0,
        examples=[],
        context={name: list(values) for name, values in need.context.items()},
    )


def generalised(resource: str) -> str:
    """The resource as a policy would name it, so that there are few of them."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return resource
    service, name = parts[2], parts[5]
    if service == "s3" and "/" in name:
        bucket, _, key = name.partition("/")
        folder, slash, _ = key.partition("/")
        name = f"{bucket}/{folder}/*" if slash else f"{bucket}/{key}"
    elif service == "logs" and ":log-stream:" in name:
        name = f"{name.partition(':log-stream:')[0]}:*"
    elif service == "emr-serverless" and "/jobruns/" in name:
        name = f"{name.partition('/jobruns/')[0]}/jobruns/*"
    elif service == "states" and name.startswith(("execution:", "express:")):
        name = f"{name.rpartition(':')[0]}:*"
    return ":".join([*parts[:5], name])
