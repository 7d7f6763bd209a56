"""A proof's report for people: lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
SHOWN = 40


def readable(report: Document) -> Iterator[str]:
    yield f"Run {report['run']}: {report['objects']} bronze objects through both sides"
    for table in report["tables"]:
        verdict = "equal" if table["equal"] else "DIFFERS"
        yield f"  {verdict:<8} {table['table']:<32} {counted(table)}"
    for table in report["tables"]:
        yield from (f"  {table['table']}: {line}" for line in of_whole_table(table))
    found = [each for table in report["tables"] for each in table["differences"]]
    if found:
        yield f"Differences ({len(found)})"
        yield from (f"  {said(each)}" for each in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"  … and {len(found) - SHOWN} more: --json or --html shows all"
    if report["code"]:
        yield "Code that differs"
        yield from (f"  {each['file']}" for each in report["code"])
    yield f"Not compared: {', '.join(not_compared(report))}"
    yield verdict_of(report)


def verdict_of(report: Document) -> str:
    if report["equal"]:
        return "Both sides compute the same"
    return "The two sides do not compute the same"


def counted(table: Document) -> str:
    ours, theirs = table["rows"]
    return f"{ours} rows" if ours == theirs else f"{ours} rows on the laptop, {theirs} in the cloud"


def said(difference: Document) -> str:
    """Such as `fact_marketing, youtube, 2026-01-15, spend: 381.76 on the laptop, 381.77 …`."""
    where = [difference["table"], difference["channel"], difference["day"], difference["column"]]
    known = ", ".join(part for part in where if part)
    values = (
        f"{value(difference['laptop'])} on the laptop, {value(difference['cloud'])} in the cloud"
    )
    return f"{known}: {values} (key {difference['key']})"


def value(text: str | None) -> str:
    return "NULL" if text is None else text


def of_whole_table(table: Document) -> Iterator[str]:
    """Columns and sums that differ, and a table that is not there."""
    for side, rows in zip(("on the laptop", "in the cloud"), table["rows"], strict=True):
        if rows is None:
            yield f"is not there {side}: no job has made it"
    if None not in table["rows"]:
        for each in table["schema"]:
            ours, theirs = each["laptop"] or "none", each["cloud"] or "none"
            yield f"column {ours} on the laptop, {theirs} in the cloud"
        for column, (ours, theirs) in table["sums"].items():
            if ours != theirs:
                yield f"sum of {column}: {ours} on the laptop, {theirs} in the cloud"


def not_compared(report: Document) -> list[str]:
    return [
        f"{table['table']}.{column}"
        for table in report["tables"]
        for column in table["not_compared"]
    ]
