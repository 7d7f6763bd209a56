"""Rows of a table of rejects in; how many there are of each reason, with samples, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.masking import masked_body
from pipeline.run_report.contents import RejectedRows

SAMPLES, LONGEST = 3, 160


def rejected_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> list[RejectedRows]:
    """By reason, the most frequent first. `rows` have bronze_key, reasons and raw."""
    by_reason: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: str(row["bronze_key"])):
        for reason in dict.fromkeys(row["reasons"] or ()):
            by_reason.setdefault(str(reason), []).append(row)
    found = [
        RejectedRows(table, reason, len(those), tuple(map(_sample, those[:SAMPLES])))
        for reason, those in by_reason.items()
    ]
    return sorted(found, key=lambda one: (-one.rows, one.reason))


def _sample(row: Mapping[str, Any]) -> tuple[str, str]:
    text = " ".join(masked_body(str(row["raw"] or "").encode()).split())
    return str(row["bronze_key"]), text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
