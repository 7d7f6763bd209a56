"""Runs of jobs: what a request must hold, their states, kept as JSON files, and their order."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

Run = dict[str, Any]
ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
STOPPED = "the Spark service stopped while the run was going on"
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
# A Spark job of EMR Serverless or of Glue, and a Python shell of Glue, which has no JVM.
KINDS = ("emr", "glue", "shell")
DEFAULTS: Run = {
    "name": "",
    "kind": "emr",
    "arguments": [],
    "spark_submit_parameters": "",
    "conf": {},
    "environment": {},
    # As whom the run makes its calls, see roles.py; empty: as the administrator.
    "role": {},
}


class RequestError(Exception):
    """A request that is no run; the message says what was expected."""


class DamagedRunError(Exception):
    """The file of a run is not what this service wrote; the message names it and the cure."""


def requested(body: Any) -> Run:
    """The settings of a run, whole; raises RequestError where one is missing or of another type."""
    if not isinstance(body, dict):
        raise RequestError("expected a JSON object with run_id and entry_point")
    if not RUN_ID.fullmatch(str(body.get("run_id", ""))):
        raise RequestError(f"expected run_id to match {RUN_ID.pattern}")
    if not isinstance(body.get("entry_point"), str) or not body["entry_point"]:
        raise RequestError("expected entry_point to be the address of a script")
    run = {name: body.get(name) or default for name, default in DEFAULTS.items()}
    for name, default in DEFAULTS.items():
        value = run[name]
        texts = list(value.values()) if isinstance(value, dict) else value
        if type(value) is not type(default) or not all(isinstance(text, str) for text in texts):
            raise RequestError(f"expected {name} to be like {json.dumps(default)} and hold texts")
    if run["kind"] not in KINDS:
        raise RequestError(f"expected kind to be one of {', '.join(KINDS)}, found {run['kind']!r}")
    run["name"] = run["name"] or body["run_id"]
    return {"run_id": body["run_id"], "entry_point": body["entry_point"], **run}


def read(path: Path) -> Run:
    """A run as it was kept. Raises DamagedRunError."""
    try:
        run: Run = json.loads(path.read_text())
        return {**run, "created_at": float(run["created_at"]), "run_id": str(run["run_id"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedRunError(
            f"The Spark run in {path} cannot be read: {error!r}. Put back a copy, or remove"
            f" {path.parent} and with it the run, or start empty with `lake reset`."
        ) from error


def new_run(request: Run, now: float) -> Run:
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


def changed(run: Run, changes: Run) -> Run:
    """The run after a change; one that has ended stays as it is."""
    return run if run["state"] in ENDED else {**run, **changes, "version": run["version"] + 1}


def target(run: Run) -> tuple[str, ...]:
    """What the run writes to: its script and positional arguments, which go before options."""
    return (run["entry_point"], *takewhile(lambda word: not word.startswith("-"), run["arguments"]))


def next_to_start(runs: Sequence[Run], limit: int) -> Run | None:
    """The first queued run, unless `limit` go on already; one target is written by one run."""
    going = [run for run in runs if run["state"] == "RUNNING"]
    busy = {target(run) for run in going}
    queued = (run for run in runs if run["state"] == "QUEUED" and target(run) not in busy)
    return next(queued, None) if len(going) < limit else None


class Runs:
    """Every change is on disk before it can be seen; readers can wait for the next one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Run] = {}
        self.changed = threading.Condition(threading.RLock())
        kept = [read(path) for path in folder.glob("*/run.json")]
        for run in sorted(kept, key=lambda run: float(run["created_at"])):
            self._runs[run["run_id"]] = run
            self.change(run["run_id"], state="FAILED", error=STOPPED, ended_at=time.time())

    def add(self, run: Run) -> tuple[Run, bool]:
        """The run of this id, and whether it is new."""
        with self.changed:
            known = self._runs.get(run["run_id"])
            if known is None:
                self._keep(run)
            return known or run, known is None

    def get(self, run_id: str) -> Run | None:
        with self.changed:
            return self._runs.get(run_id)

    def all(self) -> list[Run]:
        """In the order in which they were asked for."""
        with self.changed:
            return list(self._runs.values())

    def change(self, run_id: str, **changes: Any) -> Run:
        with self.changed:
            run = self._runs[run_id]
            after = changed(run, changes)
            if after is not run:
                self._keep(after)
            return after

    def wait(self, run_id: str, after: int, seconds: float) -> Run | None:
        """The run once its version is greater than `after`, or as it is when time is up."""

        def is_new() -> bool:
            run = self._runs.get(run_id)
            return run is None or run["version"] > after or run["state"] in ENDED

        with self.changed:
            self.changed.wait_for(is_new, timeout=seconds)
            return self._runs.get(run_id)

    def wait_until(self, run_id: str, is_so: Callable[[Run], bool], seconds: float) -> Run:
        """The run once it is so, or as it is when time is up."""
        with self.changed:
            self.changed.wait_for(lambda: is_so(self._runs[run_id]), timeout=seconds)
            return self._runs[run_id]

    def in_state(self, *states: str) -> list[Run]:
        return [run for run in self.all() if run["state"] in states]

    def folder(self, run_id: str) -> Path:
        return self._folder / run_id

    def _keep(self, run: Run) -> None:
        folder = self.folder(run["run_id"])
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "run.json.part"
        part.write_text(json.dumps(run))
        part.replace(folder / "run.json")
        self._runs[run["run_id"]] = run
        self.changed.notify_all()


class Queue:
    """Starts queued runs in their order, each in a thread of its own."""

    def __init__(self, runs: Runs, limit: int, execute: Callable[[Run], None]) -> None:
        self._runs, self._limit, self._execute = runs, limit, execute
        threading.Thread(target=self._loop, name="queue", daemon=True).start()

    def _loop(self) -> None:
        while True:
            with self._runs.changed:
                run = next_to_start(self._runs.all(), self._limit)
                if run is None:
                    self._runs.changed.wait()
                    continue
                run = self._runs.change(run["run_id"], state="RUNNING", started_at=time.time())
            threading.Thread(target=self._execute, args=(run,), daemon=True).start()
