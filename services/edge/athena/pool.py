"""Worker processes, each of which runs one query at a time and is killed to stop one."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from services.edge.athena.engine.request import Answer, QueryRequest

MODULE = "services.edge.athena.engine.worker"
ROOT = Path(__file__).resolve().parents[3]
WATCH_SECONDS = 0.1
# What the process takes before its first query: the interpreter and the libraries.
BASE_MB = 350


@dataclass(frozen=True)
class Limits:
    """Of one query: its time, its memory, and how many run at once."""

    seconds: float
    memory_mb: int
    at_once: int
    threads: int = 2


class Worker:
    """One process at a time; another is started where it was killed or has died."""

    def __init__(self, limits: Limits, endpoint: str) -> None:
        self._limits, self._endpoint = limits, endpoint
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Returns when the process can take a query."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            sizes = str(self._limits.memory_mb), str(self._limits.threads)
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE, self._endpoint, *sizes],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
            )
            self._answer()

    def run(self, request: QueryRequest) -> Answer:
        """The worker's answer; a query beyond its limits, or killed, has FAILED."""
        process = self._process
        assert process is not None and process.stdin is not None
        ended = threading.Event()
        reasons: list[Answer] = []
        watch = threading.Thread(target=self._watch, args=(process, ended, reasons), daemon=True)
        watch.start()
        try:
            process.stdin.write(pickle.dumps(request))
            process.stdin.flush()
            answer = self._answer()
        except (OSError, ValueError):
            answer = None
        finally:
            ended.set()
            watch.join()
        if answer is not None:
            return answer
        self.kill()
        return reasons[0] if reasons else _failed("the query's process has died", 1)

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _answer(self) -> Answer | None:
        process = self._process
        assert process is not None and process.stdout is not None
        line = process.stdout.readline()
        return json.loads(line) if line else None

    def _watch(
        self, process: subprocess.Popen[bytes], ended: threading.Event, reasons: list[Answer]
    ) -> None:
        deadline = time.monotonic() + self._limits.seconds
        while not ended.wait(WATCH_SECONDS):
            try:
                used = psutil.Process(process.pid).memory_info().rss / 2**20
            except psutil.Error:
                return
            if time.monotonic() > deadline:
                reasons.append(_failed("Query timeout", 2))
            elif used > self._limits.memory_mb + BASE_MB:
                reasons.append(_failed("Query exhausted resources at this scale factor", 1))
            if reasons:
                process.kill()
                return


class Pool:
    """As many workers as queries may run at once; the warmest one is taken first."""

    def __init__(self, limits: Limits, endpoint: str) -> None:
        self._idle = [Worker(limits, endpoint) for _ in range(limits.at_once)]
        self._free = threading.Semaphore(limits.at_once)
        # Only one is started ahead: it costs 150 MB, and the others when they are needed.
        threading.Thread(target=self._idle[-1].start, name="athena-warm", daemon=True).start()

    def take(self) -> Worker:
        """Waits for an idle worker."""
        self._free.acquire()
        return self._idle.pop()

    def give_back(self, worker: Worker) -> None:
        self._idle.append(worker)
        self._free.release()


def _failed(reason: str, category: int) -> Answer:
    return {"state": "FAILED", "reason": reason, "category": category}
