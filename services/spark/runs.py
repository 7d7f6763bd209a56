"""Runs of jobs: their states, kept as JSON files, and the queue that starts them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = dict[str, Any]
ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


def new_run(request: dict[str, Any], now: float) -> Run:
    return {
        **request,
        "version": 0,
        "state": "QUEUED",
        "created_at": now,
        "started_at": None,
        "ended_at": None,
        "exit_code": None,
        "error": None,
        "ui_url": None,
    }


def target(run: Run) -> tuple[str, ...]:
    """What the run writes to: its script and positional arguments; two such never run at once."""
    positional = [word for word in run["arguments"] if not word.startswith("--")]
    return (run["entry_point"], *positional)


class Runs:
    """Every change is on disk before it can be seen; readers can wait for the next one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Run] = {}
        self.changed = threading.Condition(threading.RLock())
        for path in sorted(folder.glob("*/run.json")):
            run = json.loads(path.read_text())
            self._runs[run["run_id"]] = run
            if run["state"] not in ENDED:
                message = "the Spark service stopped while the run was going on"
                self.change(run["run_id"], state="FAILED", error=message, ended_at=time.time())

    def add(self, run: Run) -> None:
        with self.changed:
            self._runs[run["run_id"]] = run
            self._write(run)
            self.changed.notify_all()

    def get(self, run_id: str) -> Run | None:
        with self.changed:
            return self._runs.get(run_id)

    def all(self) -> list[Run]:
        with self.changed:
            return sorted(self._runs.values(), key=lambda run: float(run["created_at"]))

    def change(self, run_id: str, **changes: Any) -> Run:
        with self.changed:
            run = self._runs[run_id]
            if run["state"] in ENDED:
                return run
            changed = {**run, **changes, "version": run["version"] + 1}
            self._write(changed)
            self._runs[run_id] = changed
            self.changed.notify_all()
            return changed

    def wait(self, run_id: str, after: int, seconds: float) -> Run | None:
        """The run once its version is greater than `after`, or as it is when time is up."""

        def is_new() -> bool:
            run = self._runs.get(run_id)
            return run is None or run["version"] > after or run["state"] in ENDED

        with self.changed:
            self.changed.wait_for(is_new, timeout=seconds)
            return self._runs.get(run_id)

    def in_state(self, state: str) -> list[Run]:
        return [run for run in self.all() if run["state"] == state]

    def folder(self, run_id: str) -> Path:
        return self._folder / run_id

    def _write(self, run: Run) -> None:
        folder = self.folder(run["run_id"])
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "run.json.part"
        part.write_text(json.dumps(run))
        part.replace(folder / "run.json")


class Queue:
    """Starts queued runs in their order, up to a limit, one at a time for each target."""

    def __init__(self, runs: Runs, limit: int, start: Callable[[Run], None]) -> None:
        self._runs, self._limit, self._start = runs, limit, start
        threading.Thread(target=self._loop, name="queue", daemon=True).start()

    def _loop(self) -> None:
        while True:
            with self._runs.changed:
                run = self._next()
                if run is None:
                    self._runs.changed.wait(1.0)
                    continue
                now = time.time()
                run = self._runs.change(run["run_id"], state="RUNNING", started_at=now)
            threading.Thread(target=self._start, args=(run,), daemon=True).start()

    def _next(self) -> Run | None:
        running = self._runs.in_state("RUNNING")
        if len(running) >= self._limit:
            return None
        busy = {target(run) for run in running}
        for run in self._runs.in_state("QUEUED"):
            if target(run) not in busy:
                return run
        return None
