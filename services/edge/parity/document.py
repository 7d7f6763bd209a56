"""docs/parity.md: the served calls, integrations and resource types as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from services.edge.served_calls.calls import Call, Served

Row = tuple[str, ...]
INTRODUCTION = """\
# What each AWS call does here

Generated from the code by `make parity`; `make check` fails if this file is out of date.

- **real**: does on this machine what it does on AWS.
- **emulated**: stores and returns settings that have no effect here.
- **refused**: fails with `NotImplemented` (status 501): "*service.Operation* is not implemented by
  this stack; see docs/parity.md". Calls of services that have no section here are refused too, so
  that no call succeeds without doing its work.
"""
REFUSED = "Fails with `NotImplemented` (501)."
COLUMNS = ("Call", "Here", "Difference from AWS")


def document(
    services: list[Served], integrations: list[Row], types: list[Row], refused_sql: str
) -> str:
    parts = [
        INTRODUCTION,
        _table(("Service", "real", "emulated", "refused"), map(_counts, services)),
        "## Step Functions integrations\n",
        _table(("Resource", "Patterns", "Difference from AWS"), integrations),
        "## CloudFormation resource types\n",
        _table(("Type", "Served by", "Difference from AWS"), types),
        f"## Athena's SQL that is refused\n\n{refused_sql}",
        *(part for service in services for part in _section(service)),
    ]
    return "\n".join(parts)


def _section(service: Served) -> list[str]:
    return [
        f"## {service.name}\n",
        f"{service.about}\n",
        _table(COLUMNS, map(_row, service.all_calls())),
    ]


def _row(call: Call) -> Row:
    difference = REFUSED if call.status == "refused" else call.difference
    return f"`{call.name}`", call.status, difference


def _counts(service: Served) -> Row:
    statuses = [call.status for call in service.all_calls()]
    counts = (str(statuses.count(status)) for status in ("real", "emulated", "refused"))
    return f"[{service.name}](#{service.name})", *counts


def _table(columns: Row, rows: Iterable[Row]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "".join(f"| {' | '.join(_cell(one) for one in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
