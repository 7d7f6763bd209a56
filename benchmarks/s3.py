"""Durable S3 against LocalStack's own in memory, in turns on this machine.

Two rivals: the unmodified LocalStack with its own HTTP server, and its S3 on the server used here.
Prints the median time of an object for each, and the ratio: above 1, durable S3 is slower.
Run it from the project's folder, with nothing else going on: `.venv/bin/python -m benchmarks.s3`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from lake.processes import edge
from tests.support.process_stack import ProcessStack

ROUNDS, OBJECTS, BODY = 15, 100, b"x" * 2_000
OURS = "durable"
EDGES = {
    OURS: {},
    "LocalStack": {"PROVIDER_OVERRIDE_S3": "default", "GATEWAY_SERVER": "twisted"},
    "LocalStack on this server": {"PROVIDER_OVERRIDE_S3": "default"},
}


class Edge(ProcessStack):
    """An edge whose variables differ from the stack's by `changes`."""

    def start(self, changes: dict[str, str]) -> Any:
        process = edge(self._settings)
        self._start(replace(process, variables={**process.variables, **changes}))
        return self.client("s3")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as edges:
        clients = {}
        for name, changes in EDGES.items():
            running = edges.enter_context(Edge(Path(folder) / name.replace(" ", "-")))
            clients[name] = running.start(changes)
        report(measured(clients))


def measured(clients: dict[str, Any]) -> dict[tuple[str, str], list[float]]:
    """Seconds of each round by (operation, name); the first round warms up and is left out."""
    for s3 in clients.values():
        s3.create_bucket(Bucket="bench")
    seconds: dict[tuple[str, str], list[float]] = {}
    for number in range(ROUNDS + 1):
        for operation, work in (("PUT", put), ("GET", get)):
            turns = list(clients.items())
            for name, s3 in turns if number % 2 else reversed(turns):
                took = timed(lambda s3=s3, work=work, number=number: work(s3, number))
                if number:
                    seconds.setdefault((operation, name), []).append(took)
    return seconds


def put(s3: Any, number: int) -> None:
    for index in range(OBJECTS):
        s3.put_object(Bucket="bench", Key=f"round={number}/{index}", Body=BODY)


def get(s3: Any, number: int) -> None:
    for index in range(OBJECTS):
        found = s3.get_object(Bucket="bench", Key=f"round={number}/{index}")["Body"].read()
        if found != BODY:
            raise AssertionError(f"round={number}/{index} came back otherwise than it went in")


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(seconds: dict[tuple[str, str], list[float]]) -> None:
    for operation in ("PUT", "GET"):
        ours = median(seconds[operation, OURS])
        for name in EDGES:
            took = median(seconds[operation, name])
            sys.stdout.write(
                f"{operation}  {name:<26} {took / OBJECTS * 1e3:5.2f} ms"
                f"   durable takes {ours / took:.2f} times that\n"
            )


if __name__ == "__main__":
    main()
