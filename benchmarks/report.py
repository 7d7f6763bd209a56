"""The table and the document of the rows, each with the machine and the versions that it ran on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.measures import Measure
from lake.settings import ROOT

PACKAGES = ("localstack-core", "pyspark", "delta-spark", "duckdb", "cheroot")
HEAD = "| row | what | ours | rival | ratio | target | |\n|---|---|---|---|---|---|---|\n"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- the last table -->\n", "<!-- ends here -->\n"

Row = dict[str, Any]


def machine() -> dict[str, Any]:
    """Taken before a row: the load is that of others, and of the row before it."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "load_before": [round(load, 1) for load in os.getloadavg()],
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def row(machine: dict[str, Any], measures: Sequence[Measure], failure: str | None = None) -> Row:
    """What a row has measured, and why it measured no more, if it did not end."""
    measured = [measure.document() for measure in measures]
    return {"machine": machine, "measures": measured, "not_measured": failure}


def is_met(row: Row) -> bool:
    return row["not_measured"] is None and all(measure["met"] for measure in row["measures"])


def table(rows: Mapping[str, Row]) -> str:
    lines = []
    for name, row in rows.items():
        lines += [_line(name, measure) for measure in row["measures"]]
        if row["not_measured"]:
            lines.append(f"| {name} | not measured: {row['not_measured']} | | | | | missed |")
    return HEAD + "\n".join(lines) + "\n"


def write(rows: Mapping[str, Row], order: Sequence[str], folder: Path) -> None:
    """`bench.json` below the folder, and the table in docs/benchmarks.md.

    Rows that were not measured this time stay as they were measured last.
    """
    path = folder / "bench.json"
    known = {**(json.loads(path.read_text())["rows"] if path.exists() else {}), **rows}
    known = {name: known[name] for name in order if name in known}
    path.write_text(json.dumps({"rows": known}, indent=1) + "\n")
    head, _, rest = DOCUMENT.read_text().partition(BEGIN)
    tail = rest.partition(END)[2]
    DOCUMENT.write_text(f"{head}{BEGIN}\n{table(known)}\n{_machines(known)}\n{END}{tail}")


def _machines(rows: Mapping[str, Row]) -> str:
    """When and where: what all rows share in one line, the rest for each of them."""
    machines = {name: row["machine"] for name, row in rows.items()}
    first = next(iter(machines.values()), {})
    shared = [key for key in first if all(m[key] == first[key] for m in machines.values())]
    lines = [", ".join(f"{key} {first[key]}" for key in shared) + ".\n"]
    for name, machine in machines.items():
        own = [f"{key} {value}" for key, value in machine.items() if key not in shared]
        lines.append(f"- `{name}`: {', '.join(own)}")
    return "\n".join(lines) + "\n"


def _line(row: str, measure: Mapping[str, Any]) -> str:
    theirs = f"{measure['rival']} {_spread(measure['theirs'])}" if measure["theirs"] else ""
    ratio = f"{measure['ratio']:.2f}" if measure["theirs"] else ""
    target = _target(measure) if measure["target"] else ""
    met = ("met" if measure["met"] else "missed") if measure["target"] else ""
    ours = f"{_spread(measure['ours'])} {measure['unit']}"
    return f"| {row} | {measure['what']} | {ours} | {theirs} | {ratio} | {target} | {met} |"


def _target(measure: Mapping[str, Any]) -> str:
    ((bound, limit),) = measure["target"].items()
    sign = {"at_least": ">=", "at_most": "<="}[bound]
    of = "x" if measure["theirs"] else f" {measure['unit']}"
    return f"{sign} {limit:g}{of}"


def _spread(values: Sequence[float]) -> str:
    """Median, and in brackets the lowest and the highest."""
    text = f"{_figure(median(values))}"
    if len(values) > 1:
        text += f" ({_figure(min(values))} to {_figure(max(values))})"
    return text


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
