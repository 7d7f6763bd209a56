"""Deliveries that silver cannot use: what was quarantined, what was rejected, and what can help."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lake.settings import ROOT
from pipeline import objects, reject_reasons

QUARANTINE = "quarantine/"
FUNCTION = ROOT / "services" / "lambdas" / "project6-calendly-webhook-ingestion.py"
SAME_AGAIN = (
    "A body that comes again keeps its object, and silver judges it the same; after a change of the"
    " rules `lake reprocess --full` judges all anew"
)


@dataclass(frozen=True)
class Unusable:
    """A delivery in bronze; `kind` is quarantined or rejected."""

    kind: str
    key: str
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2].removesuffix(".json")


def quarantined(s3: Any, bucket: str) -> Iterator[Unusable]:
    """Oldest first, each with what the webhook's function has against it today."""
    found = [
        entry
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=QUARANTINE)
        for entry in page.get("Contents", [])
    ]
    for entry in sorted(found, key=lambda one: one["LastModified"]):
        raw = objects.body(s3, bucket, entry["Key"])
        if raw is None:
            continue  # deleted since it was listed
        reason = not_an_object(raw)
        yield Unusable("quarantined", entry["Key"], (reason or "it is a JSON object today",))


def rejected(connection: Any) -> Iterator[Unusable]:
    """Of a DuckDB connection with rejected_events, if there is that table."""
    import duckdb

    try:
        rows = connection.execute("SELECT bronze_key, reasons FROM rejected_events ORDER BY 1")
    except duckdb.CatalogException:  # nothing has ever been rejected
        return
    for key, reasons in rows.fetchall():
        yield Unusable("rejected", key, tuple(reasons))


def hopeless(one: Unusable, raw: bytes) -> str | None:
    """Why sending it again can never help; None where it may."""
    if one.kind == "quarantined":
        reason = not_an_object(raw)
        return f"{reason}: the webhook would quarantine it again" if reason else None
    told = [f"{found.meaning} {found.cure}" for found in map(reject_reasons.reason, one.reasons)]
    return " ".join([*told, SAME_AGAIN])


def not_an_object(raw: bytes) -> str | None:
    """What the webhook's own function has against the body; None where it takes it."""
    try:
        _parsed_object()(raw)
    except RecursionError:
        return "it is nested too deep"
    except UnicodeDecodeError as error:
        return f"it is not UTF-8, from byte {error.start}"
    except json.JSONDecodeError as error:
        return f"it is no JSON: {error.msg.removesuffix(' at')} at character {error.pos}"
    except ValueError as error:
        return str(error).splitlines()[0]
    return None


@cache
def _parsed_object() -> Callable[[bytes], Any]:
    """Of the function's file, whose name no import can take."""
    spec = importlib.util.spec_from_file_location("webhook_function", FUNCTION)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks for it there
    spec.loader.exec_module(module)
    found: Callable[[bytes], Any] = module.parsed_object
    return found
