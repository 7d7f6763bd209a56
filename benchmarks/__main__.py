"""`make bench ROWS="s3 webhook"`: measure, print, write; exit 1 where a target is missed.

A row has its time, BENCH_SECONDS where that is set; one that takes longer, or fails, is a target
missed, and the others go on.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from benchmarks import report
from benchmarks.measures import Measure
from lake.settings import ROOT


class Row(NamedTuple):
    """The module that measures it, and the seconds that it may take."""

    module: str
    seconds: int


ROWS = {
    "s3": Row("s3_objects", 300),
    "webhook": Row("webhook", 300),
    "million": Row("million_objects", 900),
    "start": Row("job_start", 300),
    "pipeline": Row("pipeline", 900),
    "reprocess": Row("reprocess", 900),
    "rest": Row("rest", 900),
    "athena": Row("athena", 300),
    "catalog": Row("catalog", 900),
    "logs": Row("logs", 300),
    "dashboard": Row("dashboard", 600),
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        sys.stderr.write(f"Expected rows out of {' '.join(ROWS)}, found {' '.join(unknown)}\n")
        return 2
    rows: dict[str, report.Row] = {}
    for name in names or ROWS:
        row = ROWS[name]._replace(seconds=int(os.environ.get("BENCH_SECONDS", ROWS[name].seconds)))
        sys.stderr.write(f"{name}, at most {row.seconds} s\n")
        rows[name] = _row(row)
    sys.stdout.write(report.table(rows))
    folder = ROOT / ".lake" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    report.write(rows, list(ROWS), folder)
    return int(not all(map(report.is_met, rows.values())))


def _row(row: Row) -> report.Row:
    """What it has measured; where it fails, the others are measured nevertheless."""
    machine, measures = report.machine(), []
    try:
        for measure in _measured(row):
            measures.append(measure)
    except Exception as error:
        traceback.print_exc()
        failure = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return report.row(machine, measures, failure)
    return report.row(machine, measures)


def _measured(row: Row) -> Iterator[Measure]:
    measure: Callable[[Path], Iterator[Measure]] = import_module(
        f"benchmarks.{row.module}"
    ).measured
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _at_most(row.seconds):
        yield from measure(Path(folder))


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    def end(*_: object) -> None:
        raise TimeoutError(f"took more than {seconds} s")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
