"""Schedules, their groups and the invocations that are still to be made, in the edge's records."""

from __future__ import annotations

import threading
from typing import Any

from services.edge.store.records import Records

Document = dict[str, Any]
SCHEDULE, GROUP, INVOCATION = "scheduler_schedule", "scheduler_group", "scheduler_invocation"
TOKEN = "scheduler_token"


def has_schedules(records: Records) -> bool:
    return any(records.list(kind) for kind in (SCHEDULE, INVOCATION))


class Store:
    """Each document is on disk before its method returns; schedules are known by their ARN."""

    def __init__(self, records: Records) -> None:
        self.records, self.lock = records, threading.RLock()
        self._schedules = {one["Arn"]: one for one in records.list(SCHEDULE)}

    def schedules(self, scope: str = "") -> list[Document]:
        """Those whose ARN begins so, by name."""
        found = [one for arn, one in list(self._schedules.items()) if arn.startswith(scope)]
        return sorted(found, key=lambda one: one["Arn"])

    def schedule(self, arn: str) -> Document | None:
        return self._schedules.get(arn)

    def put_schedule(self, schedule: Document) -> None:
        with self.lock:
            self.records.put(SCHEDULE, schedule["Arn"], schedule)
            self._schedules[schedule["Arn"]] = schedule

    def delete_schedule(self, arn: str) -> None:
        with self.lock:
            self.records.delete(SCHEDULE, arn)
            self._schedules.pop(arn, None)

    def groups(self, scope: str) -> list[Document]:
        return sorted(self.records.list(GROUP, scope), key=lambda one: str(one["Name"]))

    def group(self, arn: str) -> Document | None:
        return self.records.get(GROUP, arn)

    def put_group(self, group: Document) -> None:
        self.records.put(GROUP, group["Arn"], group)

    def delete_group(self, arn: str) -> None:
        self.records.delete(GROUP, arn)

    def invocations(self) -> list[Document]:
        return list(self.records.list(INVOCATION))

    def put_invocation(self, invocation: Document) -> None:
        self.records.put(INVOCATION, invocation["Id"], invocation)

    def delete_invocation(self, identifier: str) -> None:
        self.records.delete(INVOCATION, identifier)
