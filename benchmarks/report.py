"""The table and the document of a run, with the machine and the versions that it ran on."""

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

Measures = Mapping[str, Sequence[Measure]]
Failures = Mapping[str, str]


def machine() -> dict[str, Any]:
    """Taken before the rows: the load is that of others."""
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
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_before": [round(load, 1) for load in os.getloadavg()],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def table(measures: Measures, failures: Failures) -> str:
    lines = [_line(row, one) for row, found in measures.items() for one in found]
    lines += [
        f"| {row} | not measured: {cause} | | | | | missed |" for row, cause in failures.items()
    ]
    return HEAD + "\n".join(lines) + "\n"


def document(told: dict[str, Any], measures: Measures, failures: Failures) -> str:
    rows = {row: [one.document() for one in found] for row, found in measures.items()}
    return json.dumps({"machine": told, "rows": rows, "not_measured": failures}, indent=1) + "\n"


def write(told: dict[str, Any], measures: Measures, failures: Failures, folder: Path) -> None:
    """`bench.json` below the folder, and the table in docs/benchmarks.md."""
    (folder / "bench.json").write_text(document(told, measures, failures))
    known = ", ".join(f"{name} {value}" for name, value in told.items())
    head, _, rest = DOCUMENT.read_text().partition(BEGIN)
    tail = rest.partition(END)[2]
    DOCUMENT.write_text(f"{head}{BEGIN}\n{known}.\n\n{table(measures, failures)}\n{END}{tail}")


def _line(row: str, one: Measure) -> str:
    theirs = f"{one.rival} {_spread(one.theirs)}" if one.theirs else ""
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    target = "" if one.target is None else _target(one)
    met = "" if one.target is None else ("met" if one.is_met else "missed")
    ours = f"{_spread(one.ours)} {one.unit}"
    return f"| {row} | {one.what} | {ours} | {theirs} | {ratio} | {target} | {met} |"


def _target(one: Measure) -> str:
    assert one.target is not None
    sign = ">=" if one.target.is_least else "<="
    of = "x" if one.theirs else f" {one.unit}"
    return f"{sign} {one.target.limit:g}{of}"


def _spread(values: Sequence[float]) -> str:
    """Median, and in brackets the lowest and the highest."""
    told = f"{_figure(median(values))}"
    if len(values) > 1:
        told += f" ({_figure(min(values))} to {_figure(max(values))})"
    return told


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
