"""What a silver job remembers from run to run: one JSON object beside its tables."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lakehouse.delta_log import Commit
from lakehouse.s3_objects import body_of, put_json

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """What the last finished run left.

    `watermark` is the start of its listing, by S3's clock; `seen` are marks of objects that need
    not be read again (see watermark.py); `tables` are its tables' last commits; `code` is the code
    that ran. What an earlier release did not record is empty.
    """

    watermark: datetime
    seen: frozenset[str] = frozenset()
    tables: Mapping[str, Commit] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


def read_progress(s3: Any, place: str, key: str) -> Progress | None:
    """What the last finished run left; None before the first."""
    stored = body_of(s3, place, key)
    if stored is None:
        return None
    found = json.loads(stored)
    tables = {name: Commit(**commit) for name, commit in found.get("tables", {}).items()}
    return Progress(
        watermark=datetime.fromisoformat(found["watermark"]),
        seen=frozenset(found.get("seen", [])),
        tables=tables,
        code=found.get("code", {}),
    )


def store_progress(s3: Any, place: str, key: str, progress: Progress) -> None:
    """Store it; to be called after the run's last table commit."""
    stored = {
        "watermark": progress.watermark.isoformat(),
        "tables": {name: vars(commit) for name, commit in progress.tables.items()},
        "code": dict(progress.code),
        "seen": sorted(progress.seen),
    }
    body = json.dumps(stored).encode()
    put_json(s3, place, key, body)
    log.info("wrote s3://%s/%s, %s", place, key, stored["watermark"])
