"""One Lambda execution environment: a child process that runs AWS's own Python runtime client."""

from __future__ import annotations

import json
import math
import os
import queue
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from services.edge.lambda_process.runtime_api import Answer, Invocation, RuntimeApi
from services.tether import tethered

CHECK_SECONDS = 0.05
UNREAD_SECONDS = 0.5  # until the kernel has told that an ended process left its event unread
INIT_SECONDS = 10.0  # the initialisation phase is limited to 10 s on AWS


# What starts the processes: they end with its one thread, which lives as long as the edge.
STARTER = ThreadPoolExecutor(1, "lambda-starter")


class InitError(Exception):
    """The function could not be initialised; `payload` is the error document for the caller."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


@dataclass(frozen=True)
class Limits:
    timeout_seconds: int
    memory_mb: int


class Environment:
    """Starts its process when first needed and anew after one that died or was killed."""

    def __init__(self, handler: str, code: Path, variables: dict[str, str], limits: Limits) -> None:
        self._handler, self._code, self._variables = handler, code, variables
        self._limits = limits
        self._output = Path(tempfile.mkdtemp(prefix="lambda-")) / "output"
        self._output.touch()
        self._process: subprocess.Popen[bytes] | None = None
        self._watched: psutil.Process | None = None
        self._api: RuntimeApi | None = None

    def start(self) -> None:
        """Start the process and wait until it asks for work; raises InitError."""
        self._api = RuntimeApi()
        self._process = STARTER.submit(self._started, self._api.address).result()
        self._watched = psutil.Process(self._process.pid)
        self._await_initialisation(self._api, self._process)

    def _started(self, address: str) -> subprocess.Popen[bytes]:
        with self._output.open("ab") as output:
            return subprocess.Popen(
                tethered([sys.executable, "-u", "-m", "awslambdaric", self._handler]),
                cwd=self._code,
                env=self._child_variables(address),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def invoke(self, invocation: Invocation) -> tuple[Answer, str]:
        """The function's answer and its log, with AWS's START, END and REPORT lines.

        A process that died while it was idle, or before it took the event, costs no invocation:
        another one is started for it.
        """
        began = time.monotonic()
        answer: Answer | None = None
        try:
            while answer is None:
                if self._process is None or self._has_ended():
                    self._kill()
                    self.start()
                    began = time.monotonic()
                answer = self._answer(invocation, began + self._limits.timeout_seconds)
        except InitError as error:
            answer = Answer(invocation.request_id, error.payload, is_error=True)
        return answer, self._log(invocation.request_id, time.monotonic() - began)

    def stop(self) -> None:
        self._kill()
        self._output.unlink(missing_ok=True)
        self._output.parent.rmdir()

    def output(self) -> str:
        return self._output.read_text(errors="replace")

    def _child_variables(self, address: str) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "en_US.UTF-8",
            **self._variables,
            "AWS_LAMBDA_RUNTIME_API": address,
            "LAMBDA_TASK_ROOT": str(self._code),
            "PYTHONPATH": str(self._code),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _await_initialisation(self, api: RuntimeApi, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + INIT_SECONDS
        while not api.initialised.wait(CHECK_SECONDS):
            if process.poll() is not None or time.monotonic() > deadline:
                break
        if api.initialised.is_set() and api.init_error is None:
            return
        payload = api.init_error or _error(
            "Runtime.ExitError",
            f"Runtime exited during initialisation with {process.poll()}: {self.output()[-500:]}",
        )
        self._kill()
        raise InitError(payload)

    def _answer(self, invocation: Invocation, deadline: float) -> Answer | None:
        """None where the process ended without having taken the event."""
        api = self._api
        assert api is not None
        api.invocations.put(invocation)
        while True:
            try:
                answer = api.answers.get(timeout=CHECK_SECONDS)
            except queue.Empty:
                error = self._broken_limit(invocation.request_id, deadline)
                if error is None:
                    continue
                if self._has_ended() and api.unread.wait(UNREAD_SECONDS):
                    return None
                self._kill()
                self._note(error)
                return Answer(invocation.request_id, error, is_error=True)
            if answer.request_id == invocation.request_id:
                return answer

    def _has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _broken_limit(self, request_id: str, deadline: float) -> bytes | None:
        assert self._process is not None
        if (code := self._process.poll()) is not None:
            message = (
                f"RequestId: {request_id} Error: Runtime exited with error: exit status {code}"
            )
            return _error("Runtime.ExitError", message)
        if time.monotonic() > deadline:
            now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
            seconds = f"{self._limits.timeout_seconds:.2f}"
            message = f"{now} {request_id} Task timed out after {seconds} seconds"
            return _error("Sandbox.Timedout", message)
        if self._memory_mb() > self._limits.memory_mb:
            message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
            return _error("Runtime.OutOfMemory", message)
        return None

    def _note(self, error: bytes) -> None:
        """What the platform, not the function, writes to the log of an invocation it has ended."""
        document = json.loads(error)
        kind = document["errorType"]
        suffix = f"\n{kind}" if kind.startswith("Runtime.") else ""
        with self._output.open("a") as output:
            output.write(f"{document['errorMessage']}{suffix}\n")

    def _memory_mb(self) -> float:
        try:
            assert self._watched is not None
            return float(self._watched.memory_info().rss / 2**20)
        except psutil.NoSuchProcess:
            return 0.0

    def _log(self, request_id: str, seconds: float) -> str:
        written = self.output()
        os.truncate(self._output, 0)  # the child appends, so it goes on at the start
        milliseconds = seconds * 1000
        used = int(self._memory_mb()) if self._process else self._limits.memory_mb
        return (
            f"START RequestId: {request_id} Version: $LATEST\n{written}"
            f"END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\t"
            f"Billed Duration: {math.ceil(milliseconds)} ms\t"
            f"Memory Size: {self._limits.memory_mb} MB\tMax Memory Used: {used} MB\n"
        )

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._api is not None:
            self._api.close()
        self._process = self._api = None


def _error(kind: str, message: str) -> bytes:
    document: dict[str, Any] = {"errorType": kind, "errorMessage": message}
    return json.dumps(document).encode()
