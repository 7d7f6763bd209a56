"""A Java process that runs one job at a time: Spark's Python gateway, joined by each job's process.

Each job has a gateway of its own in it, with its own secret, and its own standard output and error;
its SparkContext is made by the job itself. In between the process is asked and set right over the
gateway that it was started with, which no job knows.
"""

from __future__ import annotations

import logging
import shutil
import struct
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from py4j.clientserver import ClientServer, JavaParameters, PythonParameters
from py4j.protocol import Py4JError

from services.spark import remains
from services.spark.processes import Guarded
from services.spark.session_conf import POOLED_JAVA_OPTIONS
from services.spark.settings import Settings

READY_SECONDS = 180.0
BEGIN_SECONDS = 30.0
KILLED_SECONDS = 0.5
KILLED = 137
LOG = logging.getLogger(__name__)
T = TypeVar("T")


class JvmError(Exception):
    """The process did not start, has ended or does not answer; the message says which."""


@dataclass(frozen=True)
class Gateway:
    """Where a job's Python process joins the JVM."""

    port: int
    secret: str


class Jvm:
    """A running process; `jobs` counts those that it has run."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self.jobs = 0
        self.idle_since = time.monotonic()
        self.is_settled = False
        self.folder = settings.jvms_dir / uuid.uuid4().hex
        # Its working folder, and so that of Python workers; and that of temporary files, which Java
        # remembers from the first of them on.
        self._work, self._temporary = self.folder / "work", self.folder / "tmp"
        for place in (self._work, self._temporary):
            place.mkdir(parents=True)
        self._address = self.folder / "gateway"
        program = str(Path(sys.executable).parent / "spark-submit")
        java_options = f"{POOLED_JAVA_OPTIONS} '-Djava.io.tmpdir={self._temporary}'"
        options = ["--conf", f"spark.driver.extraJavaOptions={java_options}"]
        with self._open("stdout") as out, self._open("stderr") as err:
            self.process = Guarded(
                [program, *options, "pyspark-shell"],
                environment={**environment, "_PYSPARK_DRIVER_CONN_INFO_PATH": str(self._address)},
                folder=self._work,
                output=(out, err),
                stdin=subprocess.PIPE,  # Spark's gateway ends when it is closed
            )
        # One thread, and with it one of Java's: all others there are a job's, or Spark's own.
        self._control = ThreadPoolExecutor(1, "jvm")
        self._gateway: ClientServer | None = None
        self._server: Any = None
        self._streams: list[Any] = []
        self._written = {"stdout": 0, "stderr": 0}

    def is_ready(self) -> bool:
        """Whether it has started, or never will."""
        return self._address.exists() or not self.process.is_alive()

    def wait_until_ready(self) -> None:
        """Blocks until it can take a job; raises JvmError where it ends before, or is late."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready() and time.monotonic() < deadline:
            time.sleep(0.02)
        if not self._address.exists():
            found = "was not ready in time" if self.process.is_alive() else "ended"
            text = (self.folder / "stderr").read_text(errors="replace")[-1000:]
            raise JvmError(f"A JVM that was being started {found}:\n{text}")
        self._do(self._connect, BEGIN_SECONDS)

    def begin(self, conf: Mapping[str, str], folder: Path) -> Gateway:
        """Let in a job with these settings, whose output is in `folder`. Raises JvmError."""
        self.jobs += 1
        return self._do(lambda: self._begin(conf, folder), BEGIN_SECONDS)

    def finish(self, seconds: float) -> None:
        """Stop what the job has started in it; where that takes too long the process is ended."""
        try:
            self._do(self._finish, seconds)
        except JvmError as error:
            LOG.info("%s", error)
            self.kill()
        else:  # Spark only asks its Python workers to end
            self.process.end_all_but(self._own)

    def left_behind(self) -> str | None:
        """What of its last job cannot be taken away; None where the next one finds nothing."""
        try:
            for path in (*self._work.iterdir(), *self._temporary.iterdir()):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            return self._do(lambda: remains.found(self._jvm, self._baseline), BEGIN_SECONDS)
        except (JvmError, OSError) as error:
            return str(error)

    def take_as_first(self) -> None:
        """Let each job find the state that it is in now, after the warm-up. Raises JvmError."""
        self.jobs = 0
        self._do(self._measure, BEGIN_SECONDS)

    def settle(self) -> float:
        """Give the machine back the memory that is free; how full the heap stays, 0 to 1."""
        return self._do(lambda: remains.collected(self._jvm), BEGIN_SECONDS)

    def is_killed(self) -> bool:
        """Whether signal 9 ended it, as its own answer to a heap that is full."""
        deadline = time.monotonic() + KILLED_SECONDS
        while self.process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.process.is_alive() and self.process.wait() == KILLED

    def last_words(self, folder: Path) -> None:
        """Add to a job's output what Java itself wrote, past Spark, as where it dies."""
        for stream in ("stdout", "stderr"):
            with (self.folder / stream).open("rb") as own, (folder / stream).open("ab") as out:
                own.seek(self._written[stream])
                shutil.copyfileobj(own, out)

    def kill(self) -> None:
        """Blocks until none of its processes is left."""
        self.process.end(grace_seconds=0)

    def discard(self) -> None:
        self.kill()
        self._control.shutdown(wait=False)
        if self._gateway is not None:
            self._gateway.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _do(self, work: Callable[[], T], seconds: float) -> T:
        """Have the one thread do the work; one that takes longer is ended with the process."""
        if not self.process.is_alive():
            raise JvmError("A JVM has ended")
        limit = threading.Timer(seconds, self.kill)
        limit.daemon = True
        limit.start()
        try:
            return self._control.submit(work).result()
        except (Py4JError, OSError, TypeError) as error:  # TypeError: it ended while being asked
            raise JvmError(f"A JVM did not answer: {error!r}") from error
        finally:
            limit.cancel()

    def _connect(self) -> None:
        content = self._address.read_bytes()
        port, length = struct.unpack(">ii", content[:8])
        secret = content[8 : 8 + length].decode()
        self._address.unlink()
        self._gateway = ClientServer(
            JavaParameters(port=port, auth_token=secret, auto_convert=True),
            PythonParameters(port=0, eager_load=False),
        )
        self._jvm = self._gateway.jvm
        self._own = self.process.members()
        self._properties = self._jvm.java.lang.System.getProperties().clone()
        self._measure()

    def _measure(self) -> None:
        remains.clear_caches(self._jvm)
        self._baseline = remains.baseline(self._jvm)

    def _begin(self, conf: Mapping[str, str], folder: Path) -> Gateway:
        self._written = {n: (self.folder / n).stat().st_size for n in self._written}
        remains.set_properties(self._jvm, self._properties, conf)
        self._streams = remains.set_output(self._jvm, folder)
        spark = self._jvm.org.apache.spark
        server = spark.api.python.Py4JServer(spark.SparkConf())
        server.start()
        self._server = server
        return Gateway(server.getListeningPort(), server.secret())

    def _finish(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server = None
        remains.stop_context(self._jvm)
        for stream in self._streams:
            stream.close()

    def _open(self, stream: str) -> IO[bytes]:
        return (self.folder / stream).open("ab")
