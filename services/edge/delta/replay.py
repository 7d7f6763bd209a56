"""The state of a Delta table: what its actions leave, newest first.

https://github.com/delta-io/delta/blob/master/PROTOCOL.md#action-reconciliation
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from services.edge.delta.deletion_vectors import Descriptor

Action = dict[str, Any]
# What a reader has to know, and this one does.
FEATURES = {
    *("columnMapping", "deletionVectors", "timestampNtz", "v2Checkpoint", "vacuumProtocolCheck"),
    *("typeWidening", "typeWidening-preview"),
}


@dataclass(frozen=True)
class DataFile:
    """`path` is relative to the table, or an address; partition values by physical names."""

    path: str
    size: int
    partition_values: dict[str, str | None]
    statistics: str | None = None  # JSON, of the physical names
    deletion_vector: Descriptor | None = None


@dataclass
class Replay:
    """Takes the actions of the newest commit first, and those of the checkpoint at the end."""

    protocol: Action | None = None
    metadata: Action | None = None
    files: list[DataFile] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def take(self, actions: Iterable[Action]) -> None:
        """The actions of one commit, or of a checkpoint."""
        known = set(self._seen)
        for action in actions:
            if action.get("protocol") and self.protocol is None:
                self.protocol = action["protocol"]
            if action.get("metaData") and self.metadata is None:
                self.metadata = action["metaData"]
            for kind in ("add", "remove"):
                if action.get(kind):
                    self._file(action[kind], kind == "add", known)

    def _file(self, action: Action, is_added: bool, known: set[tuple[str, str]]) -> None:
        """What a newer commit says of a file counts; within one, its addition does."""
        vector = Descriptor.of(action.get("deletionVector"))
        key = (action["path"], vector.identity if vector else "")
        if key in known:
            return
        self._seen.add(key)
        if is_added:
            values, size = dict(action.get("partitionValues") or {}), action.get("size") or 0
            path, statistics = unquote(action["path"]), action.get("stats")
            self.files.append(DataFile(path, size, values, statistics, vector))


def refusal(protocol: Action) -> str | None:
    """Why a reader like this one must not read the table, in the words of its protocol."""
    version = protocol["minReaderVersion"]
    if version > 3:
        return f"it wants a reader of version {version}; expected one up to 3"
    features = set(protocol.get("readerFeatures") or []) if version == 3 else set()
    if unknown := sorted(features - FEATURES):
        return (
            f"NOT_SUPPORTED reader feature {', '.join(unknown)};"
            f" expected only {', '.join(sorted(FEATURES))}"
        )
    return None
